import { expect, test } from "vitest";

import type { ValidityCode } from "../../src/domain/judgement/evidence.ts";
import type { ServiceVolume } from "../../src/domain/load/run.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { canFailUnsteady } from "../../src/evaluator/decision/verdict.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

const { changes } = evaluate(syntheticEvidence({ seed: 1 }), defaultPolicy);
const changeOf = (id: string) => {
  const change = changes.find(({ indicator }) => indicator === id);
  if (change === undefined) throw new Error(`no ${id}`);
  return change;
};
const statements = changeOf("order-import.statements-per-transaction");
const cpu = changeOf("platform.odoo-cpu-ms-per-transaction");
const latency = changeOf("order-import.latency-typical");

const fact = (code: ValidityCode) => ({ code, severity: "unsteady", text: "", remedy: "" }) as const;
const ended = (achieved: number): readonly ServiceVolume[] => [
  {
    service: "order-import",
    scenario: "order-import",
    unit: "order",
    planned: 60,
    achieved,
    failed: 0,
    dropped: 0,
    interrupted: 0,
  },
];

test("beside a neighbour that only disturbs, work can fail a release and time can not", () => {
  const noisy = { volumes: ended(60), unsteady: [fact("environment-disturbed")] };
  expect([statements, cpu, latency].map((change) => canFailUnsteady(change, noisy))).toEqual([true, true, false]);
});

test("where arrivals were missed, CPU time can not", () => {
  const missed = { volumes: ended(52), unsteady: [fact("environment-disturbed"), fact("arrivals-missed")] };
  expect([statements, cpu, latency].map((change) => canFailUnsteady(change, missed))).toEqual([true, false, false]);
});

test("where half of the transactions never ended, nothing can", () => {
  const broken = { volumes: ended(29), unsteady: [fact("arrivals-missed")] };
  expect([statements, cpu, latency].map((change) => canFailUnsteady(change, broken))).toEqual([false, false, false]);
});
