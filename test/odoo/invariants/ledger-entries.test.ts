import { expect, test } from "vitest";

import type { LedgerRecord } from "../../../src/domain/load/ledger.ts";
import { ledgerEntries } from "../../../src/odoo/invariants/invariant.ts";

const record: LedgerRecord = {
  ledger: "intent",
  runId: "r",
  arm: "baseline",
  scenario: "order-import",
  model: "sale.order",
  id: null,
  ref: "pp-r-b-oi-1",
  detail: { lines: 2 },
};

test("records of one reference are merged into one entry, in any order", () => {
  const created: LedgerRecord = { ...record, ledger: "created", id: 7 };
  const done: LedgerRecord = { ...record, ledger: "done", id: 7, detail: { lines: 2, total: 10 } };
  const want = {
    ref: "pp-r-b-oi-1",
    scenario: "order-import",
    model: "sale.order",
    id: 7,
    created: true,
    done: true,
    detail: { lines: 2, total: 10 },
  };
  expect(ledgerEntries([record, created, done], "baseline")).toEqual([want]);
  expect(ledgerEntries([done, created, record], "baseline")).toEqual([want]);
});

test("an intent alone is neither created nor done, and records of the other arm are ignored", () => {
  expect(ledgerEntries([record, { ...record, arm: "candidate", ref: "pp-r-c-oi-1" }], "baseline")).toMatchObject([
    { ref: "pp-r-b-oi-1", created: false, done: false, id: null },
  ]);
});
