import { expect, test } from "vitest";

import type { Evidence } from "../../src/domain/judgement/evidence.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

const quiet = syntheticEvidence({ seed: 1, ownSd: 0.01, spread: 0.15, perBlock: 16 });

/** Both arms were to do `planned` orders each; these were left undone. */
function undone(planned: number, left: { baseline: number; candidate: number }): Evidence {
  const [volume] = quiet.volumes;
  if (volume === undefined) throw new Error("the synthetic evidence has a volume");
  return {
    ...quiet,
    volumes: [{ ...volume, planned: 2 * planned, achieved: 2 * planned - left.baseline - left.candidate }],
    transactions: [
      { arm: "baseline", service: volume.service, count: planned - left.baseline, tookMs: 1000 },
      { arm: "candidate", service: volume.service, count: planned - left.candidate, tookMs: 1000 },
    ],
  };
}

test.each([
  { name: "nothing", planned: 240, baseline: 0, candidate: 0, want: "pass" },
  { name: "what was under way when the load stopped", planned: 60, baseline: 0, candidate: 3, want: "pass" },
  { name: "a little, in both arms alike", planned: 240, baseline: 8, candidate: 8, want: "pass" },
  { name: "two per cent of its own", planned: 240, baseline: 0, candidate: 5, want: "pass" },
  {
    name: "four per cent of its own, behind which more than five may be",
    planned: 240,
    baseline: 0,
    candidate: 10,
    want: "lost",
  },
  { name: "nine per cent of its own, half of it in the total", planned: 240, baseline: 0, candidate: 22, want: "lost" },
  { name: "an eighth of its own in a short run", planned: 40, baseline: 0, candidate: 6, want: "lost" },
])("a candidate that left undone $name: $want", ({ planned, baseline, candidate, want }) => {
  const { verdict, validity } = evaluate(undone(planned, { baseline, candidate }), defaultPolicy);
  expect(verdict).toBe(want === "pass" ? "pass" : "inconclusive");
  expect(validity.map(({ code }) => code).includes("candidate-lost-work")).toBe(want === "lost");
});

test("what both arms lost is the load's fault and not the candidate's", () => {
  const { verdict, validity } = evaluate(undone(240, { baseline: 24, candidate: 24 }), defaultPolicy);
  expect(verdict).toBe("inconclusive");
  expect(validity.map(({ code }) => code)).toEqual(["arrivals-missed"]);
});

test("arrivals that both arms lost bar a failure, unless it was the candidate that kept the users waiting", () => {
  const missed = (latencyFactor: number) => {
    const slow = syntheticEvidence({ seed: 3, candidate: { latencyFactor } });
    return evaluate(
      { ...slow, volumes: slow.volumes.map((volume) => ({ ...volume, planned: 420, dropped: 60 })) },
      defaultPolicy,
    );
  };
  expect(missed(1.6)).toMatchObject({
    verdict: "inconclusive",
    changes: expect.arrayContaining([expect.objectContaining({ change: "regressed" })]),
  });
  const held = missed(2.5);
  expect(held.verdict).toBe("fail");
  expect(held.validity.map(({ code }) => code)).toContain("candidate-held-users");
});

test("a few arrivals that the candidate kept from happening bar a pass where no latency gates", () => {
  const policy = { ...defaultPolicy, indicators: { "order-import.latency*": { gate: false } } };
  const dropped = (latencyFactor: number) => {
    const evidence = syntheticEvidence({ seed: 1, ownSd: 0.01, spread: 0.15, perBlock: 16, candidate: { latencyFactor } });
    return evaluate({ ...evidence, volumes: evidence.volumes.map((volume) => ({ ...volume, dropped: 3 })) }, policy);
  };
  expect(dropped(1).verdict).toBe("pass");
  expect(dropped(2.5).verdict).toBe("inconclusive");
  expect(dropped(2.5).validity.map(({ code }) => code)).toContain("candidate-held-users");
});
