import type { BlindSpot } from "../../domain/judgement/evaluation.ts";
import type { Evidence, ValidityFact } from "../../domain/judgement/evidence.ts";
import { scenarioOf } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import type { TargetPart } from "../../domain/target/target.ts";
import { describeScenario } from "../../domain/load/scenario-unit.ts";
import { partBehind } from "../catalogue/catalogue.ts";
import { enough } from "../catalogue/margins.ts";
import { gatesUnderPolicy } from "../catalogue/policy.ts";

/** blindSpots lists the unseen parts of the target, with the gates that need them and the regressions that may escape. */
export function blindSpots(evidence: Evidence, policy: Policy): readonly BlindSpot[] {
  const scenarios = evidence.volumes.map(({ scenario }) => scenario);
  const gates = gatesUnderPolicy(scenarios, policy);
  return (evidence.unseen ?? []).map(({ part, declared }) => ({
    part,
    declared,
    ...blindSpotWords[part],
    gates: gates.filter((indicator) => partBehind(indicator) === part).map(({ label }) => label),
  }));
}

/** isCostly says whether a blind spot weakens the verdict; the others only make causes harder to find. */
export function isCostly({ part, gates }: BlindSpot): boolean {
  return gates.length > 0 || part === "business-rules";
}

/**
 * costUnseen bars a pass that would depend on failed shares alone: with an unseen Odoo log and too few transactions for a latency to
 * gate, no gate measures what a transaction costs.
 */
export function costUnseen(evidence: Evidence): ValidityFact[] {
  if (evidence.unseen?.find(({ part }) => part === "odoo-log")?.declared !== true) return [];
  const gates = evidence.series.map(({ indicator }) => indicator).filter(({ gate }) => gate);
  return evidence.volumes
    .filter(({ scenario }) => !gates.some((gate) => gate.kind !== "error" && scenarioOf(gate) === scenario))
    .map(({ scenario, unit }) => ({
      code: "cost-unseen",
      severity: "bars-pass",
      text: `${describeScenario(scenario).label}: no gate measures what one ${unit} costs: Odoo's log is declared unseen, and no latency is a gate`,
      remedy: `Plan ${enough.typical} ${unit}s or more per arm before the first look, so that their latency is a gate, or set the path of Odoo's log.`,
    }));
}

/** blindSpotWords describe each part: its label, what a verdict without it may miss, and how to make it visible. */
export const blindSpotWords: Readonly<Record<TargetPart, Pick<BlindSpot, "label" | "cost" | "remedy">>> = {
  "odoo-log": {
    label: "Odoo's log",
    cost:
      "a release with more SQL statements or more conflicts is found only when they cost more time than the margin of latency; " +
      "added time cannot be split between Python and SQL",
    remedy: "Set the path of each arm's access log, on the machine of peakproof: target.arms.*.odooLog.",
  },
  "odoo-processes": {
    label: "Odoo's processes",
    cost:
      "a release that uses more CPU is found only when the CPU costs more time than the margin of latency; " +
      "blocks that other work on the server disturbed are not left out, which widens intervals",
    remedy: "Run peakproof on the machine of Odoo and set its process ids: target.arms.*.odooPids.",
  },
  postgres: {
    label: "PostgreSQL's statistics",
    cost: "statements, locks, I/O and maintenance of the database are not observed, so they cannot be reported as causes or disturbances",
    remedy: "Set a connection of the probe role: target.arms.*.probeDsnEnv; `peakproof doctor --print-sql` creates the role.",
  },
  "business-rules": {
    label: "the business rules",
    cost: "lost, duplicated or incomplete records are found only where a scenario reads back what it wrote; stock and accounts are not checked",
    remedy:
      "Set a connection of the invariants role: target.arms.*.invariantsDsnEnv; `peakproof doctor --print-sql` creates the role.",
  },
  redis: {
    label: "Redis",
    cost: "time in the session store is reported as waiting in Odoo",
    remedy: "Set the URL of the Redis server with Odoo's sessions, if there is one: target.redisUrlEnv.",
  },
  traefik: {
    label: "the ingress",
    cost: "time and failures of the ingress cannot be distinguished from those of Odoo",
    remedy:
      "Set the URL of Traefik's metrics and the service of each arm: target.traefikMetricsUrl, target.arms.*.traefikService.",
  },
};
