import { describe, expect, test } from "vitest";

import { wilsonInterval } from "../../bench/judge/wilson.ts";
import type { Verdict } from "../../src/domain/judgement/evaluation.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence, type SyntheticOptions } from "./synthetic-evidence.ts";

const policy = { ...defaultPolicy, resamples: 1 };
/** A policy under which a tenth more latency matters, so that 15 % is clearly beyond the margin. */
const strict = { ...policy, indicators: { "order-import.latency*": { margin: { relative: 0.05, absolute: 1 } } } };

function verdicts(repetitions: number, options: Omit<SyntheticOptions, "seed">, rules = policy): Record<Verdict, number> {
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  for (let seed = 1; seed <= repetitions; seed += 1)
    counts[evaluate(syntheticEvidence({ ...options, seed }), rules).verdict] += 1;
  return counts;
}

describe("equal releases", () => {
  // A grid as large as a unit test may be; the bench has the full one. Run-to-run noise of a single sequential pair cannot be
  // seen from inside that pair: it enters as an assumed or learned spread (between-run.test.ts), not as an estimate.
  test.each([
    { rho: 0, ownSd: 0.03 },
    { rho: 0.6, ownSd: 0.03 },
    { rho: 0.8, ownSd: 0.03 },
    { rho: 0.8, ownSd: 0.05 },
  ])("are not called worse, with autocorrelation $rho and noise $ownSd of each arm's own", (noise) => {
    const { fail } = verdicts(60, { ...noise, sharedSd: 0.2 });
    expect(wilsonInterval(fail, 60, 0.95).lower).toBeLessThanOrEqual(0.01);
  });

  test("are not called worse by a margin so tight that only the test stands against chance", () => {
    const { fail, pass } = verdicts(60, { ownSd: 0.03, rho: 0.3 }, strict);
    expect(wilsonInterval(fail, 60, 0.95).lower).toBeLessThanOrEqual(0.01);
    expect(pass).toBeLessThan(20);
  });

  test("pass where it is quiet", () => {
    expect(verdicts(40, { ownSd: 0.01, spread: 0.15, perBlock: 14 }).pass).toBeGreaterThanOrEqual(34);
  });
});

describe("worse releases", () => {
  test("one SQL statement more per order is found every time, in 150 s", () => {
    expect(verdicts(30, { candidate: { addedStatements: 1 } }).fail).toBe(30);
  });

  test("and also beside a noisy neighbour", () => {
    expect(verdicts(30, { candidate: { addedStatements: 1 }, sharedSd: 0.5, ownSd: 0.2, rho: 0.8 }).fail).toBe(30);
  });

  test("15 % more latency is found where 5 % is the margin", () => {
    const { fail, pass } = verdicts(30, { candidate: { latencyFactor: 1.15 }, perBlock: 40, ownSd: 0.01, spread: 0.15 }, strict);
    expect(fail).toBeGreaterThanOrEqual(27);
    expect(pass).toBe(0);
  });

  test("10 % more latency never passes a margin of 5 %", () => {
    expect(verdicts(40, { candidate: { latencyFactor: 1.1 } }, strict).pass).toBe(0);
  });

  test("a fifth of all orders failing is found", () => {
    expect(verdicts(30, { candidate: { failedShare: 0.2 } }).fail).toBeGreaterThanOrEqual(28);
  });
});

describe("release confidence", () => {
  test("is high for equal and low for worse releases, and null where a gate is silent", () => {
    const full = { ...defaultPolicy, resamples: 400 };
    const quiet = { ownSd: 0.01, spread: 0.15, perBlock: 16 };
    expect(evaluate(syntheticEvidence({ ...quiet, seed: 1 }), full).confidence).toBeGreaterThan(0.95);
    expect(evaluate(syntheticEvidence({ ...quiet, seed: 1, candidate: { latencyFactor: 1.5 } }), full).confidence).toBeLessThan(
      0.01,
    );
    expect(evaluate(syntheticEvidence({ ...quiet, seed: 1, candidate: { failedShare: 1 } }), full).confidence).toBeNull();
  });

  test("of a change that sits on the margin is near one half on average", () => {
    const only = {
      ...defaultPolicy,
      resamples: 200,
      indicators: { "*": { gate: false }, "order-import.latency-p50": { gate: true } },
    };
    let sum = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      sum += evaluate(syntheticEvidence({ seed, candidate: { latencyFactor: 1.15 } }), only).confidence ?? 0;
    }
    expect(sum / 60).toBeGreaterThan(0.35);
    expect(sum / 60).toBeLessThan(0.65);
  });
});
