import type { Evaluation, IndicatorChange } from "../domain/judgement/evaluation.ts";
import type { Evidence } from "../domain/judgement/evidence.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { VERSION } from "../domain/version.ts";
import { benjaminiHochberg, holm } from "../statistics/multiple-tests.ts";
import { attributeChanges, causeSentence, noCauses } from "./attribution/attribution.ts";
import { weightOf } from "./catalogue/margins.ts";
import { checkPolicy } from "./catalogue/policy.ts";
import { blindSpots } from "./decision/blind-spots.ts";
import { evidenceFlaws } from "./decision/evidence-flaws.ts";
import { type AdjustedP, indicatorChange } from "./decision/indicator-change.ts";
import { releaseConfidence } from "./decision/release-confidence.ts";
import { nextActions, summarise } from "./decision/summary.ts";
import { decideVerdict } from "./decision/verdict.ts";
import { type MeasuredIndicator, measureIndicator } from "./effects/measured-indicator.ts";

/**
 * evaluate judges a candidate release by the evidence of one comparison: one verdict, with everything that it rests on.
 *
 * It is a pure function of its arguments: the same evidence and policy give the same bytes, on any machine and day.
 */
export function evaluate(evidence: Evidence, policy: Policy): Evaluation {
  checkPolicy(
    policy,
    evidence.series.map(({ indicator }) => indicator),
  );
  const looks = evidence.looks ?? null;
  const allowed = policyAtLook(policy, looks);
  const measured = evidence.series.map((series) => measureIndicator(series, evidence, allowed));
  const changes = judgeAll(measured, evidence, allowed);
  const flaws = evidenceFlaws(evidence, measured, allowed);
  const decision = decideVerdict(evidence, changes, flaws);
  const spots = blindSpots(evidence, policy);
  const causes = decision.verdict === "pass" ? noCauses : attributeChanges(evidence, changes);
  const resampling = (evidence.seed ^ 0x9e3779b9) >>> 0;
  return {
    schemaVersion: 1,
    verdict: decision.verdict,
    confidence: releaseConfidence(measured, { resamples: policy.resamples, seed: resampling }),
    summary: summarise(decision, evidence, spots) + (decision.verdict === "fail" ? causeSentence(causes) : ""),
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
        "Holm over gates by their weights, Benjamini-Hochberg over the others; two one-sided tests for equivalence, uncorrected: all must hold",
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

/** firstShares are the gates' parts of alpha while none of them is rejected; what only informs has alpha for itself. */
function firstShares(measured: readonly MeasuredIndicator[]): Map<MeasuredIndicator, number> {
  const gates = measured.filter(({ indicator }) => indicator.gate);
  // Sorted, so that the order of the indicators does not even change the last digit.
  const weights = gates.map(({ indicator }) => weightOf(indicator)).sort((a, b) => a - b);
  const whole = weights.reduce((total, each) => total + each, 0);
  return new Map(gates.map((each) => [each, weightOf(each.indicator) / whole]));
}

/** Gates decide, so false alarms may not add up over them (Holm); the others inform, so few findings may be false (BH). */
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

/** AlphaShare is what one look may spend of an error rate, and what it and all looks before it have spent. */
export interface AlphaShare {
  readonly here: number;
  readonly spent: number;
}

/**
 * alphaShare spends an error rate over looks whose number nobody knows beforehand: look k gets 1 / (k (k + 1)) of it.
 *
 * The shares add up to k / (k + 1) after look k and never to more than one, so by the union bound the error over all looks stays
 * below the rate, however the looks depend on each other and whenever the campaign stops. The first look, which decides most
 * campaigns, gets half. Null looks: the length was fixed beforehand, and the one look spends everything.
 */
export function alphaShare(looks: number | null): AlphaShare {
  if (looks === null) return { here: 1, spent: 1 };
  return { here: 1 / (looks * (looks + 1)), spent: looks / (looks + 1) };
}

/** policyAtLook is the policy with the error rates that this look may spend. */
export function policyAtLook(policy: Policy, looks: number | null): Policy {
  const { here } = alphaShare(looks);
  return { ...policy, alpha: policy.alpha * here, equivalenceAlpha: policy.equivalenceAlpha * here };
}
