import type { Attribution, IndicatorChange } from "../domain/evaluation.ts";
import type { Evidence } from "../domain/evidence.ts";
import { addedStatements } from "./added-statements.ts";
import { businessStepOf } from "./business-step.ts";
import { formatNumber } from "./wording.ts";

/** Steps and statements named for one finding: enough to act on, few enough to read. */
const mostFindings = 6;

/**
 * attributeChanges names causes of what regressed: SQL statements that run more often, Python time of a step, slower SQL.
 *
 * It explains only what was judged to have regressed, so that an unchanged release gets no causes, and where a slower step shows
 * none of these it says "cannot tell", and what would.
 */
export function attributeChanges(evidence: Evidence, changes: readonly IndicatorChange[]): Attribution[] {
  const regressed = changes.filter(({ change }) => change === "regressed");
  const findings = [
    ...addedStatements(evidence, changes),
    ...slowerSteps(regressed, ".python-ms-per-request", "odoo", "Python"),
    ...slowerSteps(regressed, ".sql-ms-per-request", "postgres", "SQL"),
  ];
  return [...findings.slice(0, mostFindings), ...unexplained(regressed, findings)];
}

function slowerSteps(
  regressed: readonly IndicatorChange[],
  suffix: string,
  layer: "odoo" | "postgres",
  what: string,
): Attribution[] {
  return regressed
    .filter(({ indicator }) => indicator.endsWith(suffix))
    .map((change) => ({ change, added: (change.candidate ?? 0) - (change.baseline ?? 0) }))
    .filter(({ added }) => added > 0)
    .sort((a, b) => b.added - a.added)
    .map(({ change, added }) => ({
      service: change.service,
      layer,
      text:
        `${stepOf(change)}: ${formatNumber(added)} ms more ${what} time per request ` +
        `(${formatNumber(change.baseline ?? 0)} → ${formatNumber(change.candidate ?? 0)} ms)`,
      statement: null,
      addedCalls: null,
      addedMs: added,
    }));
}

function stepOf({ label }: IndicatorChange): string {
  return label.split(":", 1)[0] ?? label;
}

/** A slower service without any finding of its own has a cause that was not measured; say so once per service. */
function unexplained(regressed: readonly IndicatorChange[], findings: readonly Attribution[]): Attribution[] {
  const services = new Set(
    regressed
      .filter(({ gate, kind, service }) => gate && kind === "latency" && !findings.some((finding) => finding.service === service))
      .map(({ service }) => service),
  );
  return [...services].map((service) => ({
    service,
    layer: "cannot-tell",
    text:
      `${wordsOf(service)}: slower, but neither more SQL statements nor more Python or SQL time per request was shown; ` +
      "cannot tell whether it waits for workers, locks or the ingress (longer load, or the worker and lock probes, would)",
    statement: null,
    addedCalls: null,
    addedMs: null,
  }));
}

function wordsOf(service: string): string {
  return service === "platform" ? "all services" : businessStepOf(service).label;
}
