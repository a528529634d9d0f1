import type { IndicatorChange, Reason, Verdict } from "../../domain/judgement/evaluation.ts";
import type { Evidence, ValidityFact } from "../../domain/judgement/evidence.ts";
import type { InvariantResult, ServiceVolume } from "../../domain/load/run.ts";
import { isCountedWork, isOwnWork } from "../effects/usable-series.ts";
import { describeChange } from "../effects/wording.ts";
import type { EvidenceFlaws } from "./evidence-flaws.ts";

/** Decision is the verdict with its reasons, the weightiest first. */
export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** How many of the reasons speak against the candidate; they come first. */
  readonly against: number;
  /** Remedies of what stands in the way. */
  readonly remedies: readonly string[];
}

/**
 * decideVerdict makes one verdict of everything.
 *
 * 1. A business rule that the candidate broke fails it, however noisy or short the run was: such a fact needs no statistics.
 * 2. Invalid evidence can carry neither a pass nor a failure.
 * 3. One regressed gate fails; where machine or load were unsteady, only one of work.
 * 4. A pass needs every gate shown to be no worse than its margin, and every rule checked and intact.
 * 5. Everything else is inconclusive.
 */
export function decideVerdict(evidence: Evidence, changes: readonly IndicatorChange[], flaws: EvidenceFlaws): Decision {
  const broken = evidence.invariants.filter(({ status, arm }) => status === "broken" && arm === "candidate");
  const invalid = [...evidence.validity.filter(({ severity }) => severity === "invalid"), ...flaws.invalid];
  const unsteady = [...evidence.validity.filter(({ severity }) => severity === "unsteady"), ...flaws.unsteady];
  const mayFail = (change: IndicatorChange) =>
    invalid.length === 0 && (unsteady.length === 0 || canFailUnsteady(change, { volumes: evidence.volumes, unsteady }));
  const regressed = changes.filter((change) => change.gate && change.change === "regressed" && mayFail(change));
  const open = changes.filter(({ gate, change, notWorse }) => gate && change !== "regressed" && !notWorse);
  const barring = [...flaws.barring, ...uncheckedRules(evidence)];
  const against = [...broken.map((rule) => brokenRule(rule)), ...byHarm(regressed).map((change) => gateReason(change))];
  const doubts = [
    ...invalid.map((fact) => factReason("validity", fact)),
    ...unsteady.map((fact) => factReason("validity", fact)),
    ...barring.map((fact) => factReason("evidence", fact)),
    ...byDistance(open).map((change) => openReason(change)),
  ];
  const remedies = [...invalid, ...unsteady, ...barring].map(({ remedy }) => remedy);
  if (against.length > 0) return { verdict: "fail", reasons: [...against, ...doubts], against: against.length, remedies };
  if (doubts.length > 0) return { verdict: "inconclusive", reasons: doubts, against: 0, remedies };
  return { verdict: "pass", reasons: [passReason(evidence, changes)], against: 0, remedies };
}

/** byHarm puts the change that is furthest beyond its margin first, in multiples of the margin. */
function byHarm(changes: readonly IndicatorChange[]): IndicatorChange[] {
  return [...changes].sort((a, b) => harmOf(b) - harmOf(a));
}

function harmOf({ effect, effectKind, marginUpper }: IndicatorChange): number {
  if (effect === null || marginUpper === null) return 0;
  const size = effectKind === "ratio" ? Math.abs(Math.log(effect)) : Math.abs(effect);
  const limit = effectKind === "ratio" ? Math.log(marginUpper) : marginUpper;
  return size / Math.max(limit, 1e-12);
}

/** byDistance puts gates without data first, then those that need most further load. */
function byDistance(changes: readonly IndicatorChange[]): IndicatorChange[] {
  const need = ({ effect, moreMinutes }: IndicatorChange) => (effect === null ? Infinity : (moreMinutes ?? 1e6));
  return [...changes].sort((a, b) => (need(a) === need(b) ? 0 : need(b) - need(a)));
}

function brokenRule(rule: InvariantResult): Reason {
  const examples = rule.examples.length > 0 ? `, such as ${rule.examples.slice(0, 3).join(", ")}` : "";
  return {
    kind: "invariant",
    text: `${rule.label}: broken by ${rule.violations} of ${rule.checked} in the ${rule.arm}${examples}`,
    indicator: rule.id,
  };
}

function gateReason(change: IndicatorChange): Reason {
  return { kind: "gate", text: describeChange(change), indicator: change.indicator };
}

function openReason(change: IndicatorChange): Reason {
  const more =
    change.moreMinutes === null
      ? ""
      : `; about ${change.moreMinutes} more ${change.moreMinutes === 1 ? "minute" : "minutes"} of this load would decide it`;
  return { kind: "gate", text: `${describeChange(change)}: undecided${more}`, indicator: change.indicator };
}

function factReason(kind: "validity" | "evidence", fact: ValidityFact): Reason {
  return { kind, text: fact.text, indicator: null };
}

function passReason(evidence: Evidence, changes: readonly IndicatorChange[]): Reason {
  const gates = changes.filter(({ gate }) => gate).length;
  const rules = evidence.invariants.length;
  const intact = rules === 0 ? "" : `, and all ${rules} business rules are intact`;
  return {
    kind: "evidence",
    text: `every one of ${gates} gates is shown to be no worse than its margin${intact}`,
    indicator: null,
  };
}

/** A rule that was not checked, or that the baseline breaks as well, is no ground for a pass. */
function uncheckedRules(evidence: Evidence): ValidityFact[] {
  return evidence.invariants
    .filter(({ status, arm }) => status === "not-checked" || (status === "broken" && arm === "baseline"))
    .map((rule) => ({
      code: rule.status === "broken" ? "baseline-breaks-rule" : "rule-not-checked",
      severity: "bars-pass",
      text:
        rule.status === "broken"
          ? `${rule.label}: broken in the baseline itself (${rule.violations} of ${rule.checked})`
          : `${rule.label}: not checked in the ${rule.arm}`,
      remedy:
        rule.status === "broken"
          ? "Repair the baseline's data or release first: no candidate can be judged against it."
          : "Give the target a read-only invariants connection, so that the business rules can be checked after the load.",
    }));
}

/** Of the planned transactions the least share that must have ended for their work to speak for the rest. */
const leastEnded = 0.5;

/**
 * canFailUnsteady says whether an indicator can fail a release though machine or load were unsteady: work can, as long as what
 * ended stands for what was asked.
 *
 * On a machine that broke down under its neighbours (10 of 40 checkouts ended, orders took 20 s) equal releases differed by 20 % in
 * CPU time per transaction, in every block alike: unfinished requests cost time and are no transactions, and one arm had more of
 * them all along. So CPU time fails nothing where arrivals were missed, and counted work nothing where half of its own were.
 */
export function canFailUnsteady(
  change: IndicatorChange,
  { volumes, unsteady }: { volumes: readonly ServiceVolume[]; unsteady: readonly ValidityFact[] },
): boolean {
  if (!isOwnWork(change)) return false;
  if (!isCountedWork(change)) return unsteady.every(({ code }) => code !== "arrivals-missed");
  return volumes
    .filter(({ service }) => service === change.service || change.service === "platform")
    .every(({ planned, achieved, failed }) => planned === null || achieved + failed >= leastEnded * planned);
}
