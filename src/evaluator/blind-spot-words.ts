import type { BlindSpot } from "../domain/judgement/evaluation.ts";
import type { TargetPart } from "../domain/target/target.ts";

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
