import { describe, expect, test } from "vitest";

import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { type CampaignLimits, type CampaignState, shouldGoOn } from "../../src/execution/campaign-limits.ts";
import { syntheticEvidence } from "../evaluator/synthetic-evidence.ts";

const limits: CampaignLimits = { firstLook: 1, maximumLoadMs: 360_000, budgetMs: 1_200_000, isFixed: false };
const state: CampaignState = { rounds: 1, elapsedMs: 100_000, roundMs: 100_000, isWhole: true };

/** An undecided verdict on 90 s of load a round, of whose blocks some were disturbed. */
function undecided(rounds: number, leftOut = 0): Evaluation {
  const evaluation = evaluate(syntheticEvidence({ seed: 1 }), defaultPolicy);
  const load = { ...evaluation.load, loadMs: rounds * 90_000, blocks: rounds * 9, blocksLeftOut: leftOut };
  return { ...evaluation, verdict: "inconclusive", load, validity: [] };
}

describe("a campaign goes on", () => {
  test("while it is undecided and within its limits", () => {
    expect(shouldGoOn(undecided(1), limits, state).goOn).toBe(true);
  });

  test("for as much longer as its blocks were disturbed", () => {
    expect(shouldGoOn(undecided(4), limits, { ...state, rounds: 4 }).goOn).toBe(false);
    expect(shouldGoOn(undecided(4, 9), limits, { ...state, rounds: 4 })).toMatchObject({ goOn: true });
    expect(shouldGoOn(undecided(4, 9), limits, { ...state, rounds: 4 }).why).toContain("9 of 36 blocks were disturbed");
  });
});

describe("a campaign ends", () => {
  test.each(["pass", "fail"] as const)("with a %s", (verdict) => {
    expect(shouldGoOn({ ...undecided(1), verdict }, limits, state)).toEqual({ goOn: false, why: null });
  });

  test("before a round that would not fit into the budget", () => {
    const late = { ...state, elapsedMs: 1_150_000 };
    expect(shouldGoOn(undecided(1), limits, late).goOn).toBe(false);
    expect(shouldGoOn(undecided(1), limits, { ...late, roundMs: 40_000 }).goOn).toBe(true);
  });

  test("when its length is fixed, or a run was cut short", () => {
    expect(shouldGoOn(undecided(1), { ...limits, isFixed: true }, state).goOn).toBe(false);
    expect(shouldGoOn(undecided(1), limits, { ...state, isWhole: false }).goOn).toBe(false);
  });

  test("when no further load would heal what is wrong", () => {
    const fact = { severity: "invalid", text: "the probe odoo read nothing", remedy: "" } as const;
    const broken = { ...undecided(1), validity: [{ ...fact, code: "probe-missing" as const }] };
    expect(shouldGoOn(broken, limits, state)).toEqual({
      goOn: false,
      why: "more load would not help: the probe odoo read nothing",
    });
    expect(shouldGoOn({ ...broken, validity: [{ ...fact, code: "too-few-blocks" }] }, limits, state).goOn).toBe(true);
  });

  test("without data, unless all of it was disturbed", () => {
    const fact = { code: "no-data", severity: "invalid", text: "no gate has any data", remedy: "" } as const;
    expect(shouldGoOn({ ...undecided(1, 8), validity: [fact] }, limits, state).goOn).toBe(false);
    expect(shouldGoOn({ ...undecided(1, 9), validity: [fact] }, limits, state).goOn).toBe(true);
  });
});
