import { join } from "node:path";

import { expect, test } from "vitest";

import type { Arm } from "../../../src/domain/arm.ts";
import type { Reading } from "../../../src/domain/reading.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { DUET_START_MS, policy, recordBundle, temporaryFolder } from "../recorded-bundle.ts";

const folder = temporaryFolder();

function look(arm: Arm, atMs: number, statement: string, calls: number): Reading[] {
  const common = { timeMs: DUET_START_MS + atMs, arm, probe: "postgres", labels: { statement } };
  return (["calls", "exec_ms", "rows", "blocks", "wal_bytes"] as const).map((name, index) => ({
    ...common,
    name: `statement_${name}`,
    value: calls * (index + 1),
  }));
}

test("statements are what was added between the first and the last look", async () => {
  const bundle = join(folder, "statements");
  const readings = [
    ...look("baseline", -500, "SELECT a", 100),
    ...look("baseline", 9000, "SELECT a", 140),
    ...look("candidate", -500, "SELECT a", 1000),
    ...look("candidate", 9000, "SELECT a", 1040),
    // New in the candidate after the first look, counted twice under two lengths of a list.
    ...look("candidate", 9000, "SELECT b WHERE id IN (...)", 30),
    // Evicted and come back: it is smaller than it was.
    ...look("baseline", -500, "SELECT c", 500),
    ...look("baseline", 9000, "SELECT c", 3),
    ...look("baseline", -500, "SELECT idle", 5),
    ...look("baseline", 9000, "SELECT idle", 5),
  ];
  await recordBundle(bundle, { readings });
  const { statements, transactions } = await readEvidence({ kind: "together", bundles: [bundle] }, { policy, choose: () => [] });
  expect(statements).toEqual([
    { arm: "baseline", statement: "SELECT a", calls: 40, execMs: 80, rows: 120, blocks: 160, walBytes: 200 },
    { arm: "candidate", statement: "SELECT a", calls: 40, execMs: 80, rows: 120, blocks: 160, walBytes: 200 },
    { arm: "candidate", statement: "SELECT b WHERE id IN (...)", calls: 30, execMs: 60, rows: 90, blocks: 120, walBytes: 150 },
    { arm: "baseline", statement: "SELECT c", calls: 3, execMs: 6, rows: 9, blocks: 12, walBytes: 15 },
  ]);
  expect(transactions.map(({ arm, service }) => [arm, service])).toEqual([
    ["baseline", "checkout"],
    ["baseline", "order-import"],
    ["candidate", "checkout"],
    ["candidate", "order-import"],
  ]);
});

test("a SELECT whose columns stand in another order in the other arm is the same statement", async () => {
  const bundle = join(folder, "order");
  const readings = [
    ...look("baseline", -500, `SELECT "id", "name" FROM t WHERE (a = $n AND b = $n)`, 0),
    ...look("baseline", 9000, `SELECT "id", "name" FROM t WHERE (a = $n AND b = $n)`, 40),
    ...look("candidate", -500, `SELECT "name", "id" FROM t WHERE (b = $n AND a = $n)`, 0),
    ...look("candidate", 9000, `SELECT "name", "id" FROM t WHERE (b = $n AND a = $n)`, 41),
    ...look("candidate", 9000, `SELECT "name", "code" FROM t WHERE (b = $n AND a = $n)`, 7),
  ];
  await recordBundle(bundle, { readings });
  const { statements } = await readEvidence({ kind: "together", bundles: [bundle] }, { policy, choose: () => [] });
  expect(statements.map(({ arm, statement, calls }) => [arm, statement, calls])).toEqual([
    ["baseline", `SELECT "id", "name" FROM t WHERE (a = $n AND b = $n)`, 40],
    ["candidate", `SELECT "id", "name" FROM t WHERE (a = $n AND b = $n)`, 41],
    ["candidate", `SELECT "name", "code" FROM t WHERE (b = $n AND a = $n)`, 7],
  ]);
});
