import { candidateHeldUsers, type Evidence, type ValidityFact } from "../../domain/judgement/evidence.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import type { ServiceVolume } from "../../domain/load/run.ts";
import { shareLimit } from "../../statistics/distributions.ts";
import { blocksArePairs } from "../effects/block-effect.ts";
import type { MeasuredIndicator } from "../effects/measured-indicator.ts";
import { transactionsOf } from "../effects/reads-in-pieces.ts";
import { fewestPairs, isCountedWork, neededBlocks } from "../effects/usable-series.ts";
import { costUnseen } from "./blind-spots.ts";

/** EvidenceFlaws are the flaws that the evaluator finds in the evidence, as validity facts. */
export interface EvidenceFlaws {
  /** Facts with which every verdict is INCONCLUSIVE. */
  readonly invalid: readonly ValidityFact[];
  /** Facts that bar a PASS, and a FAIL by any indicator that does not measure work. */
  readonly unsteady: readonly ValidityFact[];
  /** Facts that bar a PASS and no FAIL: a candidate that loses its own work must still be able to fail. */
  readonly barring: readonly ValidityFact[];
}

/** brokenBaseline is the share of failed transactions above which the baseline is unfit for a comparison. */
const brokenBaseline = 0.1;

/** evidenceFlaws finds evidence that does not support a verdict, whatever the values of the indicators. */
export function evidenceFlaws(evidence: Evidence, measured: readonly MeasuredIndicator[], policy: Policy): EvidenceFlaws {
  // Where nothing was planned, as in imported results, the arms may have had different volumes.
  const planned = evidence.volumes.filter((volume) => (volume.planned ?? 0) > 0);
  const lostAlone = planned.filter(({ service }) => candidateLostAlone(evidence, service, policy));
  const missed = planned.filter((volume) => missedArrivals(volume, policy) && !lostAlone.includes(volume));
  const isHeld = ({ service }: ServiceVolume) => candidateHeldUsers(evidence.transactions, service);
  // The blocks with such arrivals are judged, so even one such arrival bars a PASS.
  const held = planned.filter((volume) => (volume.dropped > 0 || missed.includes(volume)) && isHeld(volume));
  const shared = missed.filter((volume) => !isHeld(volume));
  const openLoss = planned.filter(
    (volume) =>
      !lostAlone.includes(volume) && !missed.includes(volume) && candidateMayHaveLostWork(evidence, volume.service, policy),
  );
  return {
    invalid: [...tooShort(evidence, policy), ...nothingToJudge(evidence, measured)],
    unsteady: [...tooDisturbed(evidence, policy), ...shared.map((volume) => loadMissed(volume))],
    barring: [
      ...lostAlone.map((volume) => candidateLost(volume)),
      ...held.map((volume) => candidateHeld(volume)),
      ...openLoss.map((volume) => candidateMayHaveLost(volume)),
      ...failingBaseline(measured),
      ...notCalibrated(evidence, measured),
      ...fewFilled(measured, neededBlocks(evidence, policy)),
      ...costUnseen(evidence),
    ],
  };
}

function tooShort(evidence: Evidence, policy: Policy): ValidityFact[] {
  const needed = neededBlocks(evidence, policy);
  const { length } = evidence.blocks;
  if (length >= needed) return [];
  const pairs = blocksArePairs(evidence);
  return [
    {
      code: "too-few-blocks",
      severity: "invalid",
      text: `there are only ${length} ${pairs ? "pairs of runs" : "blocks"}; ${needed} are needed`,
      remedy: pairs ? "Run more pairs of baseline and candidate." : "Run longer.",
    },
  ];
}

function tooDisturbed(evidence: Evidence, policy: Policy): ValidityFact[] {
  const needed = neededBlocks(evidence, policy);
  const { length } = evidence.blocks;
  const used = evidence.blocks.filter(({ disturbance }) => disturbance === null).length;
  if (length < needed || used >= needed) return [];
  return [
    {
      code: "environment-disturbed",
      severity: "unsteady",
      text: `environment disturbed: only ${used} of ${length} blocks were undisturbed; ${needed} are needed to judge times`,
      remedy: "Run longer, or on a machine with less other work. Counted work, such as SQL statements, is judged nevertheless.",
    },
  ];
}

function nothingToJudge(evidence: Evidence, measured: readonly MeasuredIndicator[]): ValidityFact[] {
  const gates = measured.filter(({ indicator }) => indicator.gate);
  const ended = evidence.volumes.reduce((total, { achieved, failed }) => total + achieved + failed, 0);
  if (evidence.volumes.length > 0 && ended === 0) {
    return [
      {
        code: "no-traffic",
        severity: "invalid",
        text: "no transaction was completed in either arm",
        remedy: "Read k6/k6.log of the bundle, and run peakproof doctor against the target.",
      },
    ];
  }
  if (gates.some(({ n }) => n.baseline > 0 || n.candidate > 0)) return [];
  return [
    {
      code: "no-data",
      severity: "invalid",
      text: gates.length === 0 ? "no gate was measured" : "none of the gates has any data",
      remedy:
        "Check that the bundle holds samples and readings of the time under load, and that the policy leaves at least one gate.",
    },
  ];
}

function missedArrivals({ planned, achieved, failed }: ServiceVolume, policy: Policy): boolean {
  return planned !== null && planned > 0 && achieved + failed < planned * policy.minimumAchievedRatio - atTheEdge;
}

function loadMissed(volume: ServiceVolume): ValidityFact {
  return {
    code: "arrivals-missed",
    severity: "unsteady",
    text: `${volume.scenario}: the load did not happen as planned: ${done(volume)}`,
    remedy: "Lower the rate in the workload, allow more virtual users, or use a larger load machine.",
  };
}

function candidateHeld(volume: ServiceVolume): ValidityFact {
  return {
    code: "candidate-held-users",
    severity: "bars-pass",
    text: `${volume.scenario}: the candidate kept the virtual users busy for more than twice the time of the baseline, so some arrivals were not served: ${done(volume)}`,
    remedy: "No rerun is needed: the completed work was judged. Find out why the candidate is slow.",
  };
}

function candidateLost(volume: ServiceVolume): ValidityFact {
  return {
    code: "candidate-lost-work",
    severity: "bars-pass",
    text: `${volume.scenario}: the candidate completed less work than the baseline with equal arrivals: ${done(volume)}`,
    remedy: "Look in the candidate's Odoo log for requests that hang: they neither succeed nor fail before the load stops.",
  };
}

function candidateMayHaveLost(volume: ServiceVolume): ValidityFact {
  return {
    code: "candidate-lost-work",
    severity: "bars-pass",
    text: `${volume.scenario}: the share of work that the candidate may have lost with equal arrivals is too large: ${done(volume)}`,
    remedy: "Run longer, and look in the candidate's Odoo log for requests that hang.",
  };
}

function done(volume: ServiceVolume): string {
  const { planned, achieved, failed, dropped, interrupted, unit } = volume;
  return `${achieved + failed} of ${planned} ${unit}s ended, ${dropped} never started, ${interrupted} were interrupted`;
}

function failingBaseline(measured: readonly MeasuredIndicator[]): ValidityFact[] {
  return measured
    .filter(
      ({ indicator, judged }) =>
        indicator.gate && indicator.quantity === "failures" && (judged?.effect.values.baseline ?? 0) > brokenBaseline,
    )
    .map(({ indicator, judged }) => ({
      code: "baseline-failing",
      severity: "bars-pass",
      text:
        `${indicator.label}: ${(100 * (judged?.effect.values.baseline ?? 0)).toFixed(0)} % fail in the baseline, ` +
        "which bars a pass",
      remedy: "Repair the baseline or the workload first. The bundle holds the outcomes of the failed steps.",
    }));
}

/**
 * notCalibrated bars a PASS where the noise between runs is unknown: one or two runs of each release do not show it, and an assumption
 * does not support a PASS. Failed shares are exempt: their limits are exact, and no calibration changes them.
 */
function notCalibrated(evidence: Evidence, measured: readonly MeasuredIndicator[]): ValidityFact[] {
  if (evidence.schedule.kind !== "sequential" || blocksArePairs(evidence)) return [];
  const unknown = measured.filter(
    ({ indicator, judged }) =>
      indicator.gate &&
      indicator.kind !== "error" &&
      judged !== null &&
      evidence.betweenRunSd?.[indicator.id]?.scale !== judged.effect.scale,
  );
  const [first] = unknown;
  if (first === undefined) return [];
  const others = unknown.length > 1 ? ` and ${unknown.length - 1} more ${unknown.length === 2 ? "gate" : "gates"}` : "";
  return [
    {
      code: "calibration-missing",
      severity: "bars-pass",
      text:
        `the noise between runs of one release is unknown for ${first.indicator.label}${others}; ` +
        "fewer than three pairs of runs do not show it",
      remedy:
        "Load both releases at the same time (schedule duet), run three or more pairs, or learn the noise once with " +
        "`peakproof calibrate` from runs of one release.",
    },
  ];
}

/**
 * fewFilled bars a PASS by gates that were measured in too few blocks. Latencies with so few blocks are not judged. Counts are judged
 * with any number of blocks, but do not pass. Counted work needs only enough blocks to show a spread: it has little noise, and blocks
 * without transactions are left out.
 */
function fewFilled(measured: readonly MeasuredIndicator[], needed: number): ValidityFact[] {
  const enough = ({ indicator }: MeasuredIndicator) => (isCountedWork(indicator) ? Math.min(needed, fewestPairs) : needed);
  return measured
    .filter((each) => each.indicator.gate && each.judged !== null && each.filled < enough(each))
    .map((each) => ({
      code: "few-blocks-filled",
      severity: "bars-pass",
      text:
        `${each.indicator.label}: both arms were measured in only ${each.filled} of ${each.blocks} blocks; ` +
        `a pass requires ${enough(each)}`,
      remedy: "Find out why the other blocks have no data: read k6/k6.log and the timeline of the report, then run longer.",
    }));
}

/** atTheEdge is the number of transactions that may start or end outside of the load. */
const atTheEdge = 1;

/**
 * candidateLostAlone says whether only the candidate lost work: the baseline completed its share and the candidate did not. A dropped
 * arrival belongs to no arm, completed work does. The arms are compared with each other, because a tenth lost in one arm is only a
 * twentieth of the total, which no threshold on the total detects.
 */
function candidateLostAlone(evidence: Evidence, service: string, policy: Policy): boolean {
  const [baseline, candidate] = [transactionsOf(evidence, "baseline", service), transactionsOf(evidence, "candidate", service)];
  return candidate < baseline * policy.minimumAchievedRatio - atTheEdge;
}

/**
 * candidateMayHaveLostWork says whether the candidate may lose more work than the policy allows. A candidate that loses a tenth of its
 * transactions shows a loss below a twentieth of 240 in one campaign of a hundred. So the upper exact limit of the lost share must
 * be below the limit of the policy, not the observed share.
 *
 * Equal releases leave up to two transactions of sixty unfinished when the load stops, so the limit of a short run is 12/(n + 12), as
 * for retries; from 228 transactions per arm on it is the limit of the policy.
 */
function candidateMayHaveLostWork(evidence: Evidence, service: string, policy: Policy): boolean {
  const [baseline, candidate] = [transactionsOf(evidence, "baseline", service), transactionsOf(evidence, "candidate", service)];
  const lost = { events: Math.max(0, baseline - candidate - atTheEdge), exposure: baseline };
  const limit = Math.max(1 - policy.minimumAchievedRatio, 12 / (baseline + 12));
  return shareLimit(lost, policy.equivalenceAlpha, "upper") > limit;
}
