import { candidateHeldUsers, type Evidence, type ValidityFact } from "../../domain/judgement/evidence.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import type { ServiceVolume } from "../../domain/load/run.ts";
import { shareLimit } from "../../statistics/distributions.ts";
import { blocksArePairs } from "../effects/block-effect.ts";
import type { MeasuredIndicator } from "../effects/measured-indicator.ts";
import { transactionsOf } from "../effects/reads-in-pieces.ts";
import { fewestPairs, isCountedWork, neededBlocks } from "../effects/usable-series.ts";
import { costUnseen } from "./blind-spots.ts";

/** EvidenceFlaws are what the evaluator itself finds wrong with the evidence. */
export interface EvidenceFlaws {
  /** Facts that leave no verdict but inconclusive. */
  readonly invalid: readonly ValidityFact[];
  /** Facts that bar a pass, and a failure by anything but work. */
  readonly unsteady: readonly ValidityFact[];
  /** Facts that bar a pass and not a failure: a candidate may not escape a FAIL by losing its own work. */
  readonly barring: readonly ValidityFact[];
}

/** Share of failed transactions above which a baseline is no ground to compare with. */
const brokenBaseline = 0.1;

/** evidenceFlaws looks for evidence that could not carry a verdict, whatever its numbers say. */
export function evidenceFlaws(evidence: Evidence, measured: readonly MeasuredIndicator[], policy: Policy): EvidenceFlaws {
  // Where nothing was planned, as in imported results, the sides may have been given different volumes.
  const planned = evidence.volumes.filter((volume) => (volume.planned ?? 0) > 0);
  const lostAlone = planned.filter(({ service }) => candidateLostAlone(evidence, service, policy));
  const missed = planned.filter((volume) => missedArrivals(volume, policy) && !lostAlone.includes(volume));
  const isHeld = ({ service }: ServiceVolume) => candidateHeldUsers(evidence.transactions, service);
  // The blocks of such arrivals stay in, however few they are, so each of them bars a pass.
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
      ...costUnseen(evidence, policy),
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
      text: `environment disturbed: only ${used} of ${length} blocks were quiet; ${needed} are needed to judge time`,
      remedy: "Run longer, or on a machine with less other work. Counted work, such as SQL statements, is judged all the same.",
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
        remedy: "Look at k6/k6.log of the bundle, and run peakproof doctor against the target.",
      },
    ];
  }
  if (gates.some(({ n }) => n.baseline > 0 || n.candidate > 0)) return [];
  return [
    {
      code: "no-data",
      severity: "invalid",
      text: gates.length === 0 ? "no gate was measured" : "none of the gates has any data",
      remedy: "Check that the bundle holds samples and readings of the loaded time; the policy must leave at least one gate.",
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
    text: `${volume.scenario}: the candidate kept the virtual users waiting for more than twice the baseline's time, so that not all was done: ${done(volume)}`,
    remedy: "Nothing to repeat: judged is what was done. Look at what slows the candidate down.",
  };
}

function candidateLost(volume: ServiceVolume): ValidityFact {
  return {
    code: "candidate-lost-work",
    severity: "bars-pass",
    text: `${volume.scenario}: the candidate completed less than the baseline under equal arrivals: ${done(volume)}`,
    remedy: "Look at the candidate's Odoo log: requests that hang end neither well nor badly before the load stops.",
  };
}

function candidateMayHaveLost(volume: ServiceVolume): ValidityFact {
  return {
    code: "candidate-lost-work",
    severity: "bars-pass",
    text: `${volume.scenario}: too much of the candidate's work may have been lost under equal arrivals: ${done(volume)}`,
    remedy: "Run longer, and look at the candidate's Odoo log for requests that hang.",
  };
}

function done(volume: ServiceVolume): string {
  const { planned, achieved, failed, dropped, interrupted, unit } = volume;
  return `${achieved + failed} of ${planned} ${unit}s ended, ${dropped} never started, ${interrupted} were cut off`;
}

function failingBaseline(measured: readonly MeasuredIndicator[]): ValidityFact[] {
  return measured
    .filter(
      ({ indicator, judged }) =>
        indicator.gate &&
        indicator.source.kind === "count" &&
        indicator.source.event !== "serialization-retry" &&
        (judged?.effect.values.baseline ?? 0) > brokenBaseline,
    )
    .map(({ indicator, judged }) => ({
      code: "baseline-failing",
      severity: "bars-pass",
      text:
        `${indicator.label}: ${(100 * (judged?.effect.values.baseline ?? 0)).toFixed(0)} % fail in the baseline itself, ` +
        "which is no ground for a pass",
      remedy: "Repair the baseline or the workload first: see the outcomes of the failed steps in the bundle.",
    }));
}

/**
 * One or two runs of each release cannot show how much runs of one release differ, and a guess is no ground for a pass. Failed
 * shares are exempt: their limits are exact, and no calibration widens them.
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
        `the noise between runs of one release is unknown for ${first.indicator.label}${others}, ` +
        "and fewer than three pairs of runs do not show it",
      remedy:
        "Load both releases at the same time (schedule duet), run three pairs or more, or let `peakproof calibrate` learn it once " +
        "from runs of one release.",
    },
  ];
}

/**
 * Timed gates with so few blocks are not judged at all. Counts are judged by whatever there is, and may not pass by it; counted
 * work, whose pairs are quiet and sometimes left out, needs no more blocks than show a spread.
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
        `a pass needs ${enough(each)}`,
      remedy: "Find out what was silent in the other blocks: look at k6/k6.log and the timeline of the report, then run longer.",
    }));
}

/** At the edge of the load one transaction may start and end outside of it. */
export const atTheEdge = 1;

/**
 * candidateLostAlone: drops carry no arm, completed work does. Where the baseline did its share and the candidate not, the loss is
 * its own. Half of a tenth lost in one arm is a loss of the total that no threshold on the total sees, so the arms are held
 * against each other.
 */
export function candidateLostAlone(evidence: Evidence, service: string, policy: Policy): boolean {
  const [baseline, candidate] = [transactionsOf(evidence, "baseline", service), transactionsOf(evidence, "candidate", service)];
  return candidate < baseline * policy.minimumAchievedRatio - atTheEdge;
}

/**
 * candidateMayHaveLostWork: a candidate that loses a tenth of its transactions shows a loss below a twentieth of 240 in one campaign
 * of a hundred. So it is not what was seen that must stay below the policy's limit for a pass, but what could be behind it: the
 * exact limit of the share that the candidate loses and the baseline does not.
 *
 * Equal releases leave up to two transactions of sixty unfinished when the load stops, so a short run is held to 12/(n + 12), as for
 * retries; from 228 transactions per arm on the policy's own limit counts.
 */
export function candidateMayHaveLostWork(evidence: Evidence, service: string, policy: Policy): boolean {
  const [baseline, candidate] = [transactionsOf(evidence, "baseline", service), transactionsOf(evidence, "candidate", service)];
  const lost = { events: Math.max(0, baseline - candidate - atTheEdge), exposure: baseline };
  const limit = Math.max(1 - policy.minimumAchievedRatio, 12 / (baseline + 12));
  return shareLimit(lost, policy.equivalenceAlpha, "upper") > limit;
}
