import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { CauseEvidence, StepOutcome } from "../../domain/judgement/causes.ts";
import type { ErrorOrigin } from "../../domain/judgement/evaluation.ts";
import type { Layer } from "../../domain/service.ts";

/**
 * errorOrigins counts the failed requests of each step by who failed them, those that the candidate has most more of first.
 *
 * The scenarios tell the origin by the answer: none, or 499, 502, 503 and 504, is the ingress's own, and a page that
 * is not Odoo's was routed elsewhere; other errors, in the status
 * or in the body, are Odoo's; a refused token or the login page is a lost session; a serialization error or a changed count is a
 * conflict. Three origins are looked through: a worker that Odoo killed reads as a 502, a session that Redis dropped as a login, and
 * a connection that PostgreSQL refused as an error of Odoo, or as a login once it was to check a session.
 */
export function errorOrigins(causes: CauseEvidence): ErrorOrigin[] {
  const { outcomes } = causes;
  const keys = new Set(outcomes.filter(({ outcome }) => outcome !== "ok").map((row) => `${row.step}\n${row.outcome}`));
  const origins = [...keys].flatMap((key): ErrorOrigin[] => {
    const same = outcomes.filter((row) => `${row.step}\n${row.outcome}` === key);
    const first = same[0];
    if (first === undefined) return [];
    const tries = outcomes.filter(({ step }) => step === first.step);
    return [
      {
        step: first.step,
        service: first.service,
        outcome: first.outcome,
        layer: layerOf(first.outcome, causes),
        failed: countByArm(same),
        requests: countByArm(tries),
      },
    ];
  });
  return origins.sort((a, b) => excessOf(b) - excessOf(a) || (a.step + a.outcome < b.step + b.outcome ? -1 : 1));
}

/** excessOf is how many requests failed in the candidate beyond the baseline's share. */
export function excessOf({ failed, requests }: ErrorOrigin): number {
  return failed.candidate - (requests.baseline > 0 ? failed.baseline / requests.baseline : 0) * requests.candidate;
}

function countByArm(rows: readonly StepOutcome[]): PerArm<number> {
  const count = (arm: Arm) => rows.filter((row) => row.arm === arm).reduce((sum, row) => sum + row.count, 0);
  return { baseline: count("baseline"), candidate: count("candidate") };
}

const LAYERS: Readonly<Record<string, Layer>> = {
  ingress: "ingress",
  foreign: "ingress",
  application: "odoo",
  session: "odoo",
  conflict: "postgres",
  script: "loader",
};

function layerOf(outcome: string, causes: CauseEvidence): Layer {
  if (outcome === "ingress" && gained(causes, "worker_kills")) return "odoo";
  if (outcome === "session" && losesSessions(causes)) return "redis";
  if ((outcome === "session" || outcome === "application") && gained(causes, "connections_refused")) return "postgres";
  return LAYERS[outcome] ?? "odoo";
}

function gained({ signals }: CauseEvidence, signal: string): boolean {
  const own = signals.filter((each) => each.signal === signal);
  const [baseline = 0, candidate = 0] = ARMS.map((arm) => own.find((each) => each.arm === arm)?.count);
  return candidate > baseline;
}

function losesSessions({ redis }: CauseEvidence): boolean {
  return redis.some(({ arm, evictedKeys, rejectedConnections }) => arm !== "baseline" && evictedKeys + rejectedConnections > 0);
}
