import { expect, test } from "vitest";

import type { Attribution, Evaluation, Reason } from "../../src/domain/judgement/evaluation.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { reportedLayer } from "../../src/execution/drill.ts";
import { syntheticEvidence } from "../evaluator/synthetic-evidence.ts";

const equal = evaluate(syntheticEvidence({ seed: 1 }), defaultPolicy);
const failed = (attribution: readonly Attribution[], reasons: readonly Reason[]): Evaluation => ({
  ...equal,
  verdict: "fail",
  attribution,
  reasons,
});
const cause: Attribution = { service: "platform", layer: "redis", text: "", statement: null, addedCalls: null, addedMs: null };
const reason = (kind: Reason["kind"], indicator: string | null): Reason => ({ kind, text: "", indicator });

test("a release that does not fail blames nobody", () => {
  expect(reportedLayer({ ...equal, verdict: "pass" })).toBeNull();
});

test("the first cause is the one that is told", () => {
  expect(reportedLayer(failed([cause, { ...cause, layer: "odoo" }], []))).toBe("redis");
});

test.each([
  { name: "a broken rule is Odoo's", reasons: [reason("invariant", "import-exactly-once")], layer: "odoo" },
  { name: "counted work is of its layer", reasons: [reason("gate", "platform.odoo-cpu-ms-per-transaction")], layer: "odoo" },
  { name: "a latency could be anybody's", reasons: [reason("gate", "order-import.latency-typical")], layer: "cannot-tell" },
])("without a cause $name", ({ reasons, layer }) => {
  expect(reportedLayer(failed([], reasons))).toBe(layer);
});
