import type { CauseEvidence } from "../../domain/judgement/causes.ts";
import type { Attribution, ErrorOrigin, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import { formatNumber } from "../wording.ts";
import { excessOf } from "./error-origins.ts";

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
