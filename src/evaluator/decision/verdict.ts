import {
  type IndicatorChange,
  isRegressed,
  type JudgedChange,
  type Reason,
  type Verdict,
} from "../../domain/judgement/evaluation.ts";
import type { Evidence, ValidityFact } from "../../domain/judgement/evidence.ts";
import { describeChange } from "../../domain/judgement/wording.ts";
import type { InvariantResult, ServiceVolume } from "../../domain/load/run.ts";
import { isCountedWork, isOwnWork } from "../effects/usable-series.ts";
import type { EvidenceFlaws } from "./evidence-flaws.ts";

/** Decision is the verdict with its reasons, the most important first. */
export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** Number of reasons against the candidate; these reasons come first. */
  readonly against: number;
  /** Remedies of the facts that bar a verdict. */
  readonly remedies: readonly string[];
}

/**
 * decideVerdict decides the verdict.
 *
 * 1. A business rule that the candidate broke fails it, however noisy or short the run was: a broken rule needs no statistics.
 * 2. Invalid evidence supports neither PASS nor FAIL.
 * 3. One regressed gate fails; where machine or load were unsteady, only a gate that measures work.
 * 4. PASS requires that every gate is shown to be no worse than its margin, and that every rule was checked and is intact.
 * 5. Every other case is INCONCLUSIVE.
 */
export function decideVerdict(evidence: Evidence, changes: readonly IndicatorChange[], flaws: EvidenceFlaws): Decision {
  const broken = evidence.invariants.filter(({ status, arm }) => status === "broken" && arm === "candidate");
  const invalid = [...evidence.validity.filter(({ severity }) => severity === "invalid"), ...flaws.invalid];
  const unsteady = [...evidence.validity.filter(({ severity }) => severity === "unsteady"), ...flaws.unsteady];
  const mayFail = (change: IndicatorChange) =>
    invalid.length === 0 && (unsteady.length === 0 || canFailUnsteady(change, { volumes: evidence.volumes, unsteady }));
  const regressed = changes.filter((change) => isRegressed(change)).filter((change) => change.gate && mayFail(change));
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

/** byHarm sorts by the effect as a multiple of the margin, the largest first. */
function byHarm(changes: readonly JudgedChange[]): JudgedChange[] {
  return [...changes].sort((a, b) => harmOf(b) - harmOf(a));
}

function harmOf({ effect, effectKind, marginUpper }: JudgedChange): number {
  const size = effectKind === "ratio" ? Math.abs(Math.log(effect)) : Math.abs(effect);
  const limit = effectKind === "ratio" ? Math.log(marginUpper) : marginUpper;
  return size / Math.max(limit, 1e-12);
}

/** byDistance puts gates without data first, then the gates that need the most further load. */
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
    text: `each of ${gates} gates is shown to be no worse than its margin${intact}`,
    indicator: null,
  };
}

/** uncheckedRules bar a PASS: rules that were not checked, or that the baseline breaks too. */
function uncheckedRules(evidence: Evidence): ValidityFact[] {
  return evidence.invariants
    .filter(({ status, arm }) => status === "not-checked" || (status === "broken" && arm === "baseline"))
    .map((rule) => ({
      code: rule.status === "broken" ? "baseline-breaks-rule" : "rule-not-checked",
      severity: "bars-pass",
      text:
        rule.status === "broken"
          ? `${rule.label}: broken in the baseline (${rule.violations} of ${rule.checked})`
          : `${rule.label}: not checked in the ${rule.arm}`,
      remedy:
        rule.status === "broken"
          ? "Repair the baseline's data or release first: no candidate can be judged against it."
          : "Set a read-only invariants connection for the target, so that the business rules can be checked after the load.",
    }));
}

/** leastEnded is the least share of the planned transactions that must have ended for their work to represent all of them. */
const leastEnded = 0.5;

/**
 * canFailUnsteady says whether an indicator can fail a release although machine or load were unsteady: indicators of work can, if the
 * ended transactions represent the planned ones.
 *
 * On a machine overloaded by its neighbours (10 of 40 checkouts ended, orders took 20 s) equal releases differed by 20 % in CPU time
 * per transaction, in every block: unfinished requests cost CPU time and are no transactions, and one arm had more of them
 * throughout. So CPU time fails no release where arrivals were missed, and counted work fails none where half of its arrivals were.
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
