import { describe, expect, test } from "vitest";

import type { OdooSignal } from "../../../src/domain/judgement/causes.ts";
import { defaultPolicy } from "../../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../../src/evaluator/evaluate.ts";
import { causedEvidence } from "./caused-evidence.ts";

/** starting is a release that takes twice as long, or not, while workers of either arm were started. */
function starting(baseline: number, candidate: number, latencyFactor = 2) {
  const count = (arm: "baseline" | "candidate", started: number): OdooSignal => ({
    arm,
    signal: "odoo_worker_starts",
    count: started,
  });
  return evaluate(
    causedEvidence({ latencyFactor, causes: { signals: [count("baseline", baseline), count("candidate", candidate)] } }),
    defaultPolicy,
  );
}

describe("new workers", () => {
  test("are the first cause of a candidate that became slow", () => {
    const [first] = starting(0, 60).attribution;
    expect(first).toMatchObject({ layer: "odoo", service: "platform" });
    expect(first?.text).toContain("Odoo started 60 new workers during the load (baseline 0)");
  });

  test.each([
    [25, 60, true],
    [45, 60, false],
    [0, 10, true],
    [0, 9, false],
    [60, 60, false],
    [60, 0, false],
  ])("%i in the baseline and %i in the candidate are told: %s", (baseline, candidate, told) => {
    const texts = starting(baseline, candidate).attribution.map(({ text }) => text);
    expect(texts.some((text) => text.includes("new workers"))).toBe(told);
  });

  test("are no cause where nothing regressed", () => {
    expect(starting(0, 60, 1).attribution).toEqual([]);
  });
});
