import type { BlindSpot } from "../../domain/judgement/evaluation.ts";
import type { Evidence, ValidityFact } from "../../domain/judgement/evidence.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import type { TargetPart } from "../../domain/target/target.ts";
import { describeScenario } from "../../domain/load/scenario-unit.ts";
import { indicatorsFor, partBehind } from "../catalogue/catalogue.ts";
import { enough } from "../catalogue/margins.ts";
import { applyPolicy } from "../catalogue/policy.ts";

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
      severity: "info",
      text: `${describeScenario(scenario).label}: nothing tells what one ${unit} costs: Odoo's log is out of sight, and no latency is a gate`,
      remedy: `Plan ${enough.typical} ${unit}s or more per arm before the first look, so that their latency is a gate, or name Odoo's log.`,
    }));
}

/** blindSpotWords say of each part what it is, what may escape a verdict that was found without it, and how it gets into sight. */
export const blindSpotWords: Readonly<Record<TargetPart, Pick<BlindSpot, "label" | "cost" | "remedy">>> = {
  "odoo-log": {
    label: "Odoo's log",
    cost:
      "a release that runs more SQL statements, or meets more conflicts, escapes until that costs more time than the margin of latency; " +
      "added time cannot be split between Python and SQL",
    remedy: "Name each arm's access log, on the machine of peakproof: target.arms.*.odooLog.",
  },
  "odoo-processes": {
    label: "Odoo's processes",
    cost:
      "a release that burns more CPU escapes until that costs more time than the margin of latency; " +
      "blocks that other work on the server disturbed are not left out, which widens intervals",
    remedy: "Run peakproof on the machine of Odoo and name its processes: target.arms.*.odooPids.",
  },
  postgres: {
    label: "PostgreSQL's statistics",
    cost: "statements, locks, I/O and maintenance of the database are not seen, so they cannot be named as a cause or as a disturbance",
    remedy: "Name a connection of the probe role: target.arms.*.probeDsnEnv; `peakproof doctor --print-sql` makes the role.",
  },
  "business-rules": {
    label: "the business rules",
    cost: "what was lost, doubled or left half done shows only where a scenario reads back what it wrote; stock and accounts are not checked",
    remedy:
      "Name a connection of the invariants role: target.arms.*.invariantsDsnEnv; `peakproof doctor --print-sql` makes the role.",
  },
  redis: {
    label: "Redis",
    cost: "time that a session store takes is told as waiting in Odoo",
    remedy: "Name the server that holds Odoo's sessions, if there is one: target.redisUrlEnv.",
  },
  traefik: {
    label: "the ingress",
    cost: "time and failures of the ingress are not told from those of Odoo",
    remedy: "Name Traefik's metrics: target.traefikMetricsUrl, and target.arms.*.traefikService.",
  },
};
