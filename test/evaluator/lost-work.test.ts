import { expect, test } from "vitest";
import type { Evidence } from "../../src/domain/evidence.ts";
import { defaultPolicy } from "../../src/evaluator/default-policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

test("a candidate that lost a tenth of its work alone does not pass, though the total hides it", () => {
  const quiet = syntheticEvidence({ seed: 1, ownSd: 0.01, spread: 0.15, perBlock: 16 });
  const [volume] = quiet.volumes;
  if (volume === undefined) throw new Error("the synthetic evidence has a volume");
  const lost = (share: number): Evidence => ({
    ...quiet,
    volumes: [{ ...volume, planned: 480, achieved: 480 - 240 * share }],
    transactions: [
      { arm: "baseline", service: volume.service, count: 240 },
      { arm: "candidate", service: volume.service, count: 240 * (1 - share) },
    ],
  });
  expect(evaluate(lost(0), defaultPolicy).verdict).toBe("pass");
  const { verdict, validity } = evaluate(lost(0.09), defaultPolicy);
  expect(verdict).toBe("inconclusive");
  expect(validity.map(({ code }) => code)).toContain("candidate-lost-work");
});
