import type { Evaluation } from "../../../src/domain/judgement/evaluation.ts";
import { inventPass } from "./invented-evaluation.ts";

/** inventPartial is a PASS on a server whose log and tables are not accessible; the evaluation lists these blind spots. */
export function inventPartial(): Evaluation {
  const pass = inventPass();
  const changes = pass.changes.filter(({ indicator }) => !indicator.endsWith("statements-per-transaction"));
  const gates = changes.filter(({ gate }) => gate).length;
  return {
    ...pass,
    summary: `For the observed parts, 1.1 is safe to release: all ${gates} gates are no worse than their margins, compared with 1.0.`,
    reasons: [{ kind: "gate", text: `all ${gates} gates are equivalent`, indicator: null }],
    changes,
    invariants: [],
    method: { ...pass.method, gates },
    unseen: [
      {
        part: "odoo-log",
        declared: true,
        label: "Odoo's log",
        gates: pass.changes.filter((change) => !changes.includes(change)).map(({ label }) => label),
        cost: "additional SQL statements are not detected until they cost more time than the latency margin",
        remedy: "Name each arm's access log.",
      },
      {
        part: "business-rules",
        declared: true,
        label: "the business rules",
        gates: [],
        cost: "lost or duplicate records are detected only where a scenario reads back what it wrote",
        remedy: "Name a connection of the invariants role.",
      },
      {
        part: "redis",
        declared: false,
        label: "Redis",
        gates: [],
        cost: "the time of the session store is reported as waiting in Odoo",
        remedy: "Name the server that holds Odoo's sessions.",
      },
    ],
  };
}
