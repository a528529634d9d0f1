import { join } from "node:path";

import { expect, test } from "vitest";

import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { TARGET_PARTS, type TargetPart } from "../../src/domain/target/target.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { judgeBundles } from "../../src/execution/judge.ts";
import { temporaryFolder } from "../evidence/recorded-bundle.ts";
import { type Spoiled, wholeBundle } from "./whole-bundle.ts";

const folder = temporaryFolder();
let made = 0;

/** A whole run of two equal releases on a target that shows nothing but its answers. */
async function judgeBlind(declared: readonly TargetPart[], spoiled: Spoiled = {}): Promise<Evaluation> {
  made += 1;
  const unseen = TARGET_PARTS.map((part) => ({ part, declared: declared.includes(part) }));
  const bundle = await wholeBundle(join(folder, `blind-${made}`), { readings: () => false, start: { unseen }, ...spoiled });
  return judgeBundles({ kind: "together", bundles: [bundle] }, defaultPolicy);
}

test("what is declared out of sight takes its gates with it, and the pass says so", async () => {
  const { verdict, summary, unseen, changes } = await judgeBlind(TARGET_PARTS);
  expect(verdict).toBe("pass");
  expect(summary).toContain("can be released as far as observed");
  expect(summary).toContain("Not observed: Odoo's log, Odoo's processes, the business rules.");
  expect(unseen?.map(({ part, declared, gates }) => [part, declared, gates])).toEqual([
    ["odoo-log", true, ["order import: SQL statements per order", "all services: retried share"]],
    ["odoo-processes", true, ["all services: Odoo CPU time per transaction"]],
    ["postgres", true, []],
    ["business-rules", true, []],
    ["redis", true, []],
    ["traefik", true, []],
  ]);
  expect(changes.filter(({ gate }) => gate).map(({ indicator }) => indicator)).toEqual([
    "order-import.latency-typical",
    "order-import.latency-p95",
    "order-import.failed-transactions",
  ]);
});

test("what is neither named nor declared keeps its gates without data: no pass, and the next step names both ways out", async () => {
  const { verdict, summary, next, unseen } = await judgeBlind(["odoo-processes", "business-rules"]);
  expect(verdict).toBe("inconclusive");
  expect(summary).toContain("SQL statements per order: cannot tell (no data in either arm)");
  expect(next.join("\n")).toMatch(/target\.arms\.\*\.odooLog.*declare odoo-log under target\.unseen/);
  expect(unseen?.find(({ part }) => part === "odoo-log")).toMatchObject({ declared: false, gates: { length: 2 } });
});

test("a release that fails its work fails, however little is seen", async () => {
  const { verdict, summary } = await judgeBlind(TARGET_PARTS, { failing: ["candidate"] });
  expect({ verdict, summary }).toEqual({ verdict: "fail", summary: expect.stringContaining("failed share") });
});

test("failed shares alone are no ground for a pass: too few transactions for a latency to gate, and no log", async () => {
  const planned = [{ scenario: "order-import", planned: 40 }];
  const { verdict, reasons, next } = await judgeBlind(TARGET_PARTS, { end: { planned } });
  expect(verdict).toBe("inconclusive");
  expect(reasons.map(({ text }) => text).join("\n")).toContain("order import: no gate measures what one order costs");
  expect(next.join("\n")).toContain("Plan 30 orders or more per arm");
});

test("a run that looked at everything says that nothing was unseen, and a pass is a plain one", async () => {
  made += 1;
  const bundle = await wholeBundle(join(folder, `seen-${made}`), { start: { unseen: [] } });
  const { verdict, summary, unseen } = await judgeBundles({ kind: "together", bundles: [bundle] }, defaultPolicy);
  expect({ verdict, unseen }).toEqual({ verdict: "pass", unseen: [] });
  expect(summary).toMatch(/^1\.1 can be released: /);
});
