import type { Evaluation } from "../../../src/domain/judgement/evaluation.ts";
import { inventPass } from "./invented-evaluation.ts";

/** inventPartial is a pass on a server that shows neither its log nor its tables: it says less, and says so. */
export function inventPartial(): Evaluation {
  const pass = inventPass();
  const changes = pass.changes.filter(({ indicator }) => !indicator.endsWith("statements-per-transaction"));
  const gates = changes.filter(({ gate }) => gate).length;
  return {
    ...pass,
    summary: `1.1 can be released as far as could be seen: every one of ${gates} gates is shown to be no worse than its margin, against 1.0.`,
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
        cost: "a release that runs more SQL statements escapes until that costs more time than the margin of latency",
        remedy: "Name each arm's access log.",
      },
      {
        part: "business-rules",
        declared: true,
        label: "the business rules",
        gates: [],
        cost: "what was lost or doubled shows only where a scenario reads back what it wrote",
        remedy: "Name a connection of the invariants role.",
      },
      {
        part: "redis",
        declared: false,
        label: "Redis",
        gates: [],
        cost: "time that a session store takes is told as waiting in Odoo",
        remedy: "Name the server that holds Odoo's sessions.",
      },
    ],
  };
}
