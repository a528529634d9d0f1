import type { BlindSpot } from "../domain/judgement/evaluation.ts";
import type { Evidence, ValidityFact } from "../domain/judgement/evidence.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { blindSpotWords } from "./blind-spot-words.ts";
import { businessStepOf } from "./business-step.ts";
import { indicatorsFor } from "./catalogue.ts";
import { enough } from "./margins.ts";
import { partBehind } from "./part-behind.ts";
import { applyPolicy } from "./policy-rules.ts";

/** blindSpots says which gates rest on what was not seen, and what that costs. */
export function blindSpots(evidence: Evidence, policy: Policy): readonly BlindSpot[] {
  const scenarios = evidence.volumes.map(({ scenario }) => scenario);
  const gates = indicatorsFor({ scenarios, steps: [], readings: [], imported: false }).filter(
    (indicator) => applyPolicy(indicator, policy).gate,
  );
  return (evidence.unseen ?? []).map(({ part, declared }) => ({
    part,
    declared,
    ...blindSpotWords[part],
    gates: gates.filter((indicator) => partBehind(indicator) === part).map(({ label }) => label),
  }));
}

/** isCostly tells the blind spots that take something from the verdict; without the others only causes are harder to find. */
export function isCostly({ part, gates }: BlindSpot): boolean {
  return gates.length > 0 || part === "business-rules";
}

/**
 * costUnseen bars a pass that would rest on failed shares alone: with Odoo's log out of sight and too few transactions for a latency to gate,
 * nothing tells what a transaction costs.
 */
export function costUnseen(evidence: Evidence, policy: Policy): ValidityFact[] {
  if (evidence.unseen?.find(({ part }) => part === "odoo-log")?.declared !== true) return [];
  const gates = evidence.series.map(({ indicator }) => applyPolicy(indicator, policy)).filter(({ gate }) => gate);
  return evidence.volumes
    .filter(
      ({ scenario }) =>
        !gates.some(({ kind, source }) => kind !== "error" && "scenario" in source && source.scenario === scenario),
    )
    .map(({ scenario, unit }) => ({
      code: "cost-unseen",
      severity: "bars-pass",
      text: `${businessStepOf(scenario).label}: nothing tells what one ${unit} costs: Odoo's log is out of sight, and no latency is a gate`,
      remedy: `Plan ${enough.typical} ${unit}s or more per arm before the first look, so that their latency is a gate, or name Odoo's log.`,
    }));
}
