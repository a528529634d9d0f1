import type { AddedTime, Attribution, Evaluation, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { businessStepOf } from "../business-step.ts";
import { formatNumber } from "../wording.ts";
import { addedBlocks } from "./added-blocks.ts";
import { addedStatements } from "./added-statements.ts";
import { errorFindings } from "./error-findings.ts";
import { errorOrigins } from "./error-origins.ts";
import { regressedSteps } from "./regressed-steps.ts";
import { splitStep } from "./split-step.ts";
import { costlierStatements } from "./statement-changes.ts";
import { stepDifferences } from "./step-differences.ts";
import { timeFindings } from "./time-findings.ts";
import { weightiestFirst } from "./weightiest-first.ts";
import { wholeArm } from "./whole-arm.ts";
import { workerFindings } from "./worker-findings.ts";

/** Findings named: enough to act on, few enough to read. */
const mostFindings = 8;

/** Causes are what is behind the regressions, as the verdict holds them. */
export type Causes = Required<Pick<Evaluation, "attribution" | "addedTime" | "statements" | "errors">>;

/** noCauses is what a release has that did not regress. */
export const noCauses: Causes = { attribution: [], addedTime: [], statements: [], errors: [] };

/**
 * attributeChanges names causes of what regressed: who failed the requests, workers that had to be replaced, SQL statements that
 * run more often, and where the added time of each step went.
 *
 * It explains only what was judged to have regressed, so that an unchanged release gets no causes, and where the parts explain
 * too little it says "cannot tell", and what would. The surest come first: failures and statements are counted, times shared out;
 * statements that could not be the reason for the time come last.
 */
export function attributeChanges(evidence: Evidence, changes: readonly IndicatorChange[]): Causes {
  const regressed = changes.filter(({ change }) => change === "regressed");
  if (regressed.length === 0) return noCauses;
  const steps = stepDifferences(evidence);
  const arm = wholeArm(evidence, steps);
  const addedTime = regressedSteps(steps, changes).map((step) => splitStep(step, arm));
  const statements = costlierStatements(evidence);
  const errors = evidence.causes === undefined ? [] : errorOrigins(evidence.causes);
  const times = timeFindings(addedTime, statements);
  const findings = [
    ...errorFindings(errors, evidence.causes, changes),
    ...workerFindings(evidence.causes, changes),
    ...weightiestFirst(
      addedStatements(evidence, changes),
      times.filter(({ layer }) => layer !== "cannot-tell"),
    ),
    ...addedBlocks(evidence, changes),
    ...slowerRequests(regressed, addedTime),
  ];
  const doubts = times.filter(({ layer }) => layer === "cannot-tell");
  const told = [...findings, ...doubts];
  return {
    attribution: [...findings.slice(0, mostFindings), ...doubts, ...unexplained(regressed, told)],
    addedTime,
    statements,
    errors,
  };
}

/** Steps whose requests are slower in Odoo's log, though what the client felt of it could not be split. */
function slowerRequests(regressed: readonly IndicatorChange[], addedTime: readonly AddedTime[]): Attribution[] {
  const isTold = (step: string) => addedTime.some((time) => time.step === step && time.layer !== "cannot-tell");
  const kinds = [
    { suffix: ".python-ms-per-request", layer: "odoo", what: "Python" },
    { suffix: ".sql-ms-per-request", layer: "postgres", what: "SQL" },
  ] as const;
  return kinds.flatMap(({ suffix, layer, what }) =>
    regressed
      .map((change) => ({ change, step: stepOf(change), added: (change.candidate ?? 0) - (change.baseline ?? 0) }))
      .filter(({ change, step, added }) => change.indicator.endsWith(suffix) && added > 0 && !isTold(step))
      .sort((a, b) => b.added - a.added)
      .map(({ change, step, added }) => ({
        service: change.service,
        layer,
        text:
          `${step}: ${formatNumber(added)} ms more ${what} time per request ` +
          `(${formatNumber(change.baseline ?? 0)} → ${formatNumber(change.candidate ?? 0)} ms)`,
        statement: null,
        addedCalls: null,
        addedMs: added,
        step,
      })),
  );
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
