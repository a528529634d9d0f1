import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { CauseEvidence, StepOutcome } from "../../domain/judgement/causes.ts";
import type { ErrorOrigin, JudgedChange } from "../../domain/judgement/evaluation.ts";
import { formatNumber } from "../../domain/judgement/wording.ts";
import type { Layer } from "../../domain/service.ts";
import { conditionalTest } from "../../statistics/distributions.ts";
import type { Finding } from "./findings.ts";

/** Most origins of failures named: enough to act on, few enough to read. */
const mostOrigins = 3;

/** Largest p-value of "both arms replace workers at the same rate" with which replaced workers are a finding: ten against none have less. */
const mostChance = 0.001;

/** ORIGINS are the outcomes of failed requests: their words, and the layer that failed the request. */
const ORIGINS: Readonly<Record<string, { readonly words: string; readonly layer: Layer }>> = {
  ingress: { words: "no answer, or 499, 502, 503 or 504, from the ingress", layer: "ingress" },
  foreign: { words: "an answer that is not Odoo's, as by a wrong route", layer: "ingress" },
  application: { words: "an error of Odoo", layer: "odoo" },
  session: { words: "the session was lost", layer: "odoo" },
  conflict: { words: "a conflict with another transaction", layer: "postgres" },
  script: { words: "the load script did not understand the answer", layer: "loader" },
};

/**
 * errorOrigins counts the failed requests of each step by their origin, the largest excess of the candidate first.
 *
 * The scenarios find the origin from the answer. No answer, or 499, 502, 503 and 504, comes from the ingress; a page that is not
 * Odoo's was routed to another server; other errors, in the status or in the body, are Odoo's; a refused token or the login page is
 * a lost session; a serialization error or a changed count is a conflict. Three outcomes can have another cause: a worker that Odoo
 * killed gives a 502, a session that Redis dropped gives a login page, and a connection that PostgreSQL refused gives an error of
 * Odoo, or a login page where the session was to be checked.
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

function layerOf(outcome: string, causes: CauseEvidence): Layer {
  if (outcome === "ingress" && gained(causes, "worker_kills")) return "odoo";
  if (outcome === "session" && losesSessions(causes)) return "redis";
  if ((outcome === "session" || outcome === "application") && gained(causes, "connections_refused")) return "postgres";
  return ORIGINS[outcome]?.layer ?? "odoo";
}

function gained({ signals }: CauseEvidence, signal: string): boolean {
  const own = signals.filter((each) => each.signal === signal);
  const [baseline = 0, candidate = 0] = ARMS.map((arm) => own.find((each) => each.arm === arm)?.count);
  return candidate > baseline;
}

function losesSessions({ redis }: CauseEvidence): boolean {
  return redis.some(({ arm, evictedKeys, rejectedConnections }) => arm !== "baseline" && evictedKeys + rejectedConnections > 0);
}

function countByArm(rows: readonly StepOutcome[]): PerArm<number> {
  const count = (arm: Arm) => rows.filter((row) => row.arm === arm).reduce((sum, row) => sum + row.count, 0);
  return { baseline: count("baseline"), candidate: count("candidate") };
}

/** excessOf is the number of failed requests of the candidate beyond the share of the baseline. */
function excessOf({ failed, requests }: ErrorOrigin): number {
  return failed.candidate - (requests.baseline > 0 ? failed.baseline / requests.baseline : 0) * requests.candidate;
}

/** errorFindings are the origins of more failed requests, and of more transactions that Odoo ran again. */
export function errorFindings(
  origins: readonly ErrorOrigin[],
  causes: CauseEvidence | undefined,
  regressed: readonly JudgedChange[],
): Finding[] {
  const hasFailures = regressed.some(({ quantity }) => quantity === "failures");
  const failed = hasFailures ? origins.filter((origin) => excessOf(origin) >= 1).slice(0, mostOrigins) : [];
  const retried = regressed.filter(({ quantity }) => quantity === "retries").map((change) => retryFinding(change, causes));
  return [...failed.map((origin) => failureFinding(origin)), ...retried];
}

function failureFinding({ step, service, outcome, layer, failed, requests }: ErrorOrigin): Finding {
  const how = ORIGINS[outcome]?.words ?? outcome;
  const killed = outcome === "ingress" && layer === "odoo" ? ", while Odoo killed workers" : "";
  const dropped = outcome === "session" && layer === "redis" ? ", while Redis dropped keys or connections" : "";
  const refused = layer === "postgres" && outcome !== "conflict" ? ", while PostgreSQL refused connections" : "";
  return {
    service,
    layer,
    text:
      `${step}: ${formatNumber(failed.candidate)} of ${formatNumber(requests.candidate)} requests failed ` +
      `(baseline ${formatNumber(failed.baseline)} of ${formatNumber(requests.baseline)}): ${how}${killed}${dropped}${refused}`,
    statement: null,
    addedCalls: null,
    addedMs: null,
    step,
  };
}

function retryFinding({ baseline, candidate }: JudgedChange, causes: CauseEvidence | undefined): Finding {
  const share = (value: number) => `${formatNumber(100 * value)} %`;
  const step = mostRetriedStep(causes);
  return {
    service: "platform",
    layer: "postgres",
    text:
      `Odoo ran ${share(candidate)} of the transactions again after serialization conflicts ` +
      `(baseline ${share(baseline)})${step === null ? "" : `, most in ${step}`}: they change the same rows at the same time`,
    statement: null,
    addedCalls: null,
    addedMs: null,
  };
}

function mostRetriedStep(causes: CauseEvidence | undefined): string | null {
  const sums = new Map<string, number>();
  for (const { step, arm, retried } of causes?.stepTimes ?? []) {
    if (arm === "candidate" && retried > 0) sums.set(step, (sums.get(step) ?? 0) + retried);
  }
  const [most] = [...sums].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? null;
}

/**
 * workerFindings report workers that the candidate's Odoo had to replace while latencies or failures regressed. A worker that reaches
 * its limit of memory, time or requests ends, and the next worker starts cold. The host probe counts the starts in the process tree
 * of Odoo; the exact conditional test compares them with those of the baseline.
 */
export function workerFindings(causes: CauseEvidence | undefined, regressed: readonly JudgedChange[]): Finding[] {
  const isHurt = regressed.some(({ kind }) => kind === "latency" || kind === "error");
  const [baseline, candidate] = [startsOf(causes, "baseline"), startsOf(causes, "candidate")];
  const chance = conditionalTest({ events: baseline, exposure: 1 }, { events: candidate, exposure: 1 });
  if (!isHurt || chance > mostChance) return [];
  return [
    {
      service: "platform",
      layer: "odoo",
      text:
        `Odoo started ${formatNumber(candidate)} new workers during the load (baseline ${formatNumber(baseline)}): ` +
        "its workers reach their limit of memory, time or requests, and each new worker starts cold",
      statement: null,
      addedCalls: null,
      addedMs: null,
    },
  ];
}

function startsOf(causes: CauseEvidence | undefined, arm: Arm): number {
  return causes?.signals.find((each) => each.arm === arm && each.signal === "odoo_worker_starts")?.count ?? 0;
}
