import type { Evaluation, IndicatorChange } from "../domain/judgement/evaluation.ts";
import type { Evidence } from "../domain/judgement/evidence.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { VERSION } from "../domain/version.ts";
import { benjaminiHochberg, holm } from "../statistics/multiple-tests.ts";
import { attributeChanges, noCauses } from "./attribution/attribution.ts";
import { weightOf } from "./catalogue/margins.ts";
import { checkPolicy, underPolicy } from "./catalogue/policy.ts";
import { blindSpots } from "./decision/blind-spots.ts";
import { evidenceFlaws } from "./decision/evidence-flaws.ts";
import { type AdjustedP, indicatorChange } from "./decision/indicator-change.ts";
import { releaseConfidence } from "./decision/release-confidence.ts";
import { nextActions, summarise } from "./decision/summary.ts";
import { decideVerdict } from "./decision/verdict.ts";
import { type MeasuredIndicator, measureIndicator } from "./effects/measured-indicator.ts";

/**
 * evaluate judges a candidate release by the evidence of one comparison. The result is the verdict with everything behind it.
 *
 * evaluate is a pure function: the same evidence and policy give the same bytes, on any machine and at any time. The policy is put
 * in force here; all other code of the evaluator sees indicators with the margin and the gate of the policy.
 */
export function evaluate(given: Evidence, policy: Policy): Evaluation {
  checkPolicy(
    policy,
    given.series.map(({ indicator }) => indicator),
  );
  const evidence = underPolicy(given, policy);
  const looks = evidence.looks ?? null;
  const allowed = policyAtLook(policy, looks);
  const measured = evidence.series.map((series) => measureIndicator(series, evidence, allowed));
  const changes = judgeAll(measured, evidence, allowed);
  const flaws = evidenceFlaws(evidence, measured, allowed);
  const decision = decideVerdict(evidence, changes, flaws);
  const spots = blindSpots(evidence, policy);
  const { causes, headline } = decision.verdict === "pass" ? noCauses : attributeChanges(evidence, changes);
  const resampling = (evidence.seed ^ 0x9e3779b9) >>> 0;
  return {
    schemaVersion: 2,
    verdict: decision.verdict,
    confidence: releaseConfidence(measured, { resamples: policy.resamples, seed: resampling }),
    summary: summarise(decision, { evidence, spots, headline }),
    reasons: decision.reasons,
    next: nextActions(decision, changes, { attribution: causes.attribution, spots }),
    runIds: evidence.runIds,
    releases: evidence.releases,
    load: {
      schedule: evidence.schedule,
      startedAt: evidence.startedAt,
      loadMs: evidence.loadMs,
      blocks: evidence.blocks.length,
      blocksLeftOut: evidence.blocks.filter(({ disturbance }) => disturbance !== null).length,
      volumes: evidence.volumes,
    },
    changes,
    ...causes,
    invariants: evidence.invariants,
    validity: [...evidence.validity, ...flaws.invalid, ...flaws.unsteady, ...flaws.barring],
    ...(evidence.unseen === undefined ? {} : { unseen: spots }),
    inputs: evidence.inputs,
    policy,
    method: {
      alpha: policy.alpha,
      looks,
      alphaAtThisLook: allowed.alpha,
      equivalenceAlphaAtThisLook: allowed.equivalenceAlpha,
      alphaSpent: policy.alpha * alphaShare(looks).spent,
      gates: changes.filter(({ gate }) => gate).length,
      correction:
        "Holm over the gates with their weights, Benjamini-Hochberg over the other indicators; two one-sided tests for equivalence without correction, because all gates must pass",
      resamples: policy.resamples,
      version: VERSION,
    },
    seeds: { workload: evidence.seed, resampling },
    timeline: evidence.timeline,
  };
}

function judgeAll(measured: readonly MeasuredIndicator[], evidence: Evidence, policy: Policy): IndicatorChange[] {
  const adjusted = adjust(measured);
  const shares = firstShares(measured);
  const loadMinutes = evidence.loadMs / 60_000;
  return measured.map((each) =>
    indicatorChange(each, {
      adjusted: adjusted.get(each) ?? { worse: 1, better: 1 },
      policy,
      share: shares.get(each) ?? 1,
      loadMinutes,
    }),
  );
}

/** firstShares are the shares of alpha of the gates before any of them is rejected. An indicator that is no gate has all of alpha. */
function firstShares(measured: readonly MeasuredIndicator[]): Map<MeasuredIndicator, number> {
  const gates = measured.filter(({ indicator }) => indicator.gate);
  // Sorted, so that the order of the indicators does not change the last digit of the sum.
  const weights = gates.map(({ indicator }) => weightOf(indicator)).sort((a, b) => a - b);
  const whole = weights.reduce((total, each) => total + each, 0);
  return new Map(gates.map((each) => [each, weightOf(each.indicator) / whole]));
}

/**
 * adjust corrects the p-values. For gates Holm limits the probability of any false alarm; for the other indicators
 * Benjamini-Hochberg limits the share of false findings.
 */
function adjust(measured: readonly MeasuredIndicator[]): Map<MeasuredIndicator, AdjustedP> {
  const result = new Map<MeasuredIndicator, AdjustedP>();
  for (const gate of [true, false]) {
    const family = measured.filter(({ indicator }) => indicator.gate === gate);
    const weights = family.map(({ indicator }) => weightOf(indicator));
    const correct = (pValues: number[]) => (gate ? holm(pValues, weights) : benjaminiHochberg(pValues));
    const worse = correct(family.map(({ pWorse }) => pWorse));
    const better = correct(family.map(({ pBetter }) => pBetter));
    for (const [index, each] of family.entries()) result.set(each, { worse: worse[index] ?? 1, better: better[index] ?? 1 });
  }
  return result;
}

/** AlphaShare is the share of an error rate that one look spends, and the share that this look and all looks before it spend. */
export interface AlphaShare {
  readonly here: number;
  readonly spent: number;
}

/**
 * alphaShare spends an error rate over looks (interim analyses) whose number is not fixed beforehand: look k spends 1 / (k (k + 1)).
 *
 * The shares add up to k / (k + 1) after look k and never exceed one. By the union bound the error over all looks stays below the
 * rate, for any dependence between the looks and any stopping rule. The first look, which decides most campaigns, spends half.
 * `looks` is null where the length of the load was fixed beforehand: one analysis spends the whole rate.
 */
export function alphaShare(looks: number | null): AlphaShare {
  if (looks === null) return { here: 1, spent: 1 };
  return { here: 1 / (looks * (looks + 1)), spent: looks / (looks + 1) };
}

/** policyAtLook is the policy with the error rates that this look spends. */
export function policyAtLook(policy: Policy, looks: number | null): Policy {
  const { here } = alphaShare(looks);
  return { ...policy, alpha: policy.alpha * here, equivalenceAlpha: policy.equivalenceAlpha * here };
}
