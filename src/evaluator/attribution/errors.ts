import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { CauseEvidence, StepOutcome } from "../../domain/judgement/causes.ts";
import type { Attribution, ErrorOrigin, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import type { Layer } from "../../domain/service.ts";
import { conditionalTest } from "../../statistics/distributions.ts";
import { formatNumber } from "../effects/wording.ts";

/** Origins named in findings: enough to act on, few enough to read. */
const mostOrigins = 3;

const ORIGIN_WORDS: Readonly<Record<string, string>> = {
  ingress: "no answer, or 499, 502, 503 or 504, from the ingress",
  foreign: "an answer that is not Odoo's, as by a wrong route",
  application: "an error of Odoo",
  session: "the session was lost",
  conflict: "a conflict with another transaction",
  script: "the load script did not understand the answer",
};

/** errorFindings name who failed the requests of a release that fails more of them, and where Odoo ran transactions again. */
export function errorFindings(
  origins: readonly ErrorOrigin[],
  causes: CauseEvidence | undefined,
  changes: readonly IndicatorChange[],
): Attribution[] {
  const regressed = changes.filter(({ change, kind }) => change === "regressed" && kind === "error");
  const isRetried = ({ indicator }: IndicatorChange) => indicator === "platform.serialization-retries";
  const failed = regressed.some((change) => !isRetried(change))
    ? origins.filter((origin) => excessOf(origin) >= 1).slice(0, mostOrigins)
    : [];
  const retried = regressed.filter((change) => isRetried(change)).map((change) => retryFinding(change, causes));
  return [...failed.map((origin) => failureFinding(origin)), ...retried];
}

function failureFinding({ step, service, outcome, layer, failed, requests }: ErrorOrigin): Attribution {
  const how = ORIGIN_WORDS[outcome] ?? outcome;
  const behind = outcome === "ingress" && layer === "odoo" ? ", while Odoo killed workers" : "";
  const lost = outcome === "session" && layer === "redis" ? ", while Redis dropped keys or connections" : "";
  const refused = layer === "postgres" && outcome !== "conflict" ? ", while PostgreSQL refused connections" : "";
  return {
    service,
    layer,
    text:
      `${step}: ${formatNumber(failed.candidate)} of ${formatNumber(requests.candidate)} requests failed ` +
      `(baseline ${formatNumber(failed.baseline)} of ${formatNumber(requests.baseline)}): ${how}${behind}${lost}${refused}`,
    statement: null,
    addedCalls: null,
    addedMs: null,
    step,
  };
}

function retryFinding({ baseline, candidate }: IndicatorChange, causes: CauseEvidence | undefined): Attribution {
  const share = (value: number | null) => `${formatNumber(100 * (value ?? 0))} %`;
  const [most] = retriedSteps(causes);
  const where = most === undefined ? "" : `, most in ${most.step}`;
  return {
    service: "platform",
    layer: "postgres",
    text:
      `Odoo ran ${share(candidate)} of the transactions again after serialization conflicts ` +
      `(baseline ${share(baseline)})${where}: they change the same rows at the same time`,
    statement: null,
    addedCalls: null,
    addedMs: null,
  };
}

function retriedSteps(causes: CauseEvidence | undefined): { readonly step: string; readonly retried: number }[] {
  const sums = new Map<string, number>();
  for (const { step, arm, retried } of causes?.stepTimes ?? []) {
    if (arm === "candidate" && retried > 0) sums.set(step, (sums.get(step) ?? 0) + retried);
  }
  return [...sums].map(([step, retried]) => ({ step, retried })).sort((a, b) => b.retried - a.retried);
}

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

/** Most chance that arms which replace their workers alike differ by so much: ten against none are enough. */
const mostChance = 0.001;

/**
 * workerFindings name workers that the candidate's Odoo had to replace while it became slow or failed requests: a worker that
 * comes to its limit of memory, time or requests ends, and the next one starts cold. The starts are counted by the host probe
 * from Odoo's process tree, and held against the baseline's by the exact conditional test.
 */
export function workerFindings(causes: CauseEvidence | undefined, changes: readonly IndicatorChange[]): Attribution[] {
  const isHurt = changes.some(({ change, kind }) => change === "regressed" && (kind === "latency" || kind === "error"));
  const [baseline, candidate] = [startsOf(causes, "baseline"), startsOf(causes, "candidate")];
  const chance = conditionalTest({ events: baseline, exposure: 1 }, { events: candidate, exposure: 1 });
  if (!isHurt || chance > mostChance) return [];
  return [
    {
      service: "platform",
      layer: "odoo",
      text:
        `Odoo started ${formatNumber(candidate)} new workers during the load (baseline ${formatNumber(baseline)}): ` +
        "its workers come to their limit of memory, time or requests, and each new one starts cold",
      statement: null,
      addedCalls: null,
      addedMs: null,
    },
  ];
}

function startsOf(causes: CauseEvidence | undefined, arm: Arm): number {
  return causes?.signals.find((each) => each.arm === arm && each.signal === "odoo_worker_starts")?.count ?? 0;
}
