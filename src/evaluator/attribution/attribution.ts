import {
  type AddedTime,
  type Evaluation,
  type IndicatorChange,
  isRegressed,
  type JudgedChange,
} from "../../domain/judgement/evaluation.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { formatNumber } from "../../domain/judgement/wording.ts";
import { describeScenario } from "../../domain/load/scenario-unit.ts";
import { addedBlocks, addedStatements } from "./added-statements.ts";
import { standsOut, type StepDifferences, stepDifferences } from "./differences.ts";
import { errorFindings, errorOrigins, workerFindings } from "./errors.ts";
import { causeSentence, countedFirst, type Finding } from "./findings.ts";
import { splitStep } from "./split-step.ts";
import { costlierStatements } from "./statement-changes.ts";
import { timeFindings } from "./time-findings.ts";
import { wholeArm } from "./whole-arm.ts";

/** Most findings of a verdict: enough to act on, few enough to read. */
const mostFindings = 8;

/** Most steps whose time is split: in one scenario because the whole transaction regressed, and in all. */
const mostPerScenario = 3;
const mostSteps = 8;

/** Least added time in Odoo, as a share of the client's time, of a step whose added client time is within its noise. */
const leastOdooShare = 0.02;

/** Causes explain the regressions of a verdict; `headline` words the first cause for a leader and is empty where none is known. */
export interface Explanation {
  readonly causes: Required<Pick<Evaluation, "attribution" | "addedTime" | "statements" | "errors">>;
  readonly headline: string;
}

/** noCauses is the explanation of a release that did not regress. */
export const noCauses: Explanation = { causes: { attribution: [], addedTime: [], statements: [], errors: [] }, headline: "" };

/**
 * attributeChanges finds the causes of the regressions: where requests failed, workers that had to be replaced, SQL statements that
 * run more often, and where the added time of each step went.
 *
 * Only regressions are explained, so an unchanged release gets no causes. Where the parts explain too little, a finding has the layer
 * `cannot-tell` and says which data is missing. The most certain findings come first: failures and statements are counted, times
 * are estimated. Statements that cost too little to be the cause come last.
 */
export function attributeChanges(evidence: Evidence, changes: readonly IndicatorChange[]): Explanation {
  const regressed = changes.filter((change) => isRegressed(change));
  if (regressed.length === 0) return noCauses;
  const steps = stepDifferences(evidence);
  const arm = wholeArm(evidence, steps);
  const addedTime = regressedSteps(steps, regressed).map((step) => splitStep(step, arm));
  const statements = costlierStatements(evidence);
  const errors = evidence.causes === undefined ? [] : errorOrigins(evidence.causes);
  const times = timeFindings(addedTime, statements);
  const certain = [
    ...errorFindings(errors, evidence.causes, regressed),
    ...workerFindings(evidence.causes, regressed),
    ...countedFirst(
      addedStatements(evidence, changes),
      times.filter(({ layer }) => layer !== "cannot-tell"),
    ),
    ...addedBlocks(evidence, regressed),
    ...slowerRequests(regressed, addedTime),
  ];
  const doubts = times.filter(({ layer }) => layer === "cannot-tell");
  const findings = [...certain.slice(0, mostFindings), ...doubts, ...unexplained(regressed, [...certain, ...doubts])];
  return {
    causes: {
      attribution: findings.map(({ headline: _headline, ...attribution }) => attribution),
      addedTime,
      statements,
      errors,
    },
    headline: causeSentence(findings[0], addedTime),
  };
}

/**
 * regressedSteps chooses the steps whose added time is split, those that added most to the load first: steps that regressed
 * themselves, and, where a whole transaction or CPU time regressed, the steps in which more time than noise was added. Where no step
 * stands out from noise, the step that added most is split, to report what is known about it.
 */
function regressedSteps(steps: readonly StepDifferences[], regressions: readonly JudgedChange[]): StepDifferences[] {
  const regressed = regressions.filter(({ kind }) => kind === "latency" || kind === "work");
  const slower = [...steps].filter(({ client }) => client.added > 0).sort((a, b) => addedToLoad(b) - addedToLoad(a));
  const own = slower.filter(({ step }) => regressed.some((change) => change.step === step));
  const isCpu = regressed.some(({ quantity }) => quantity === "odoo-cpu" || quantity === "postgres-cpu");
  const scenarios = [...new Set(slower.map(({ scenario }) => scenario))];
  const parts = scenarios.flatMap((scenario) => {
    const inside = slower.filter((each) => each.scenario === scenario);
    const found = inside.filter((each) => grew(each)).slice(0, mostPerScenario);
    const whole = regressed.filter((change) => change.scenario === scenario && change.step === null);
    const isSlower = whole.some(({ kind }) => kind === "latency");
    if (found.length === 0 && isSlower && !own.some((each) => each.scenario === scenario)) return inside.slice(0, 1);
    return isCpu || whole.length > 0 ? found : [];
  });
  return [...new Set([...own, ...parts])].sort((a, b) => addedToLoad(b) - addedToLoad(a)).slice(0, mostSteps);
}

/** addedToLoad is the time in ms that the step added to the whole load. */
function addedToLoad({ client, requests }: StepDifferences): number {
  return client.added * requests.candidate;
}

function grew({ client, log }: StepDifferences): boolean {
  if (standsOut(client)) return true;
  if (log === null || !(standsOut(log.python) || standsOut(log.sql))) return false;
  return log.python.added + log.sql.added >= leastOdooShare * client.baseline;
}

/** slowerRequests are the steps with slower requests in Odoo's log whose added client time could not be split. */
function slowerRequests(regressed: readonly JudgedChange[], addedTime: readonly AddedTime[]): Finding[] {
  const isExplained = (step: string) => addedTime.some((time) => time.step === step && time.layer !== "cannot-tell");
  const kinds = [
    { quantity: "python-time", layer: "odoo", what: "Python" },
    { quantity: "sql-time", layer: "postgres", what: "SQL" },
  ] as const;
  return kinds.flatMap(({ quantity, layer, what }) =>
    regressed
      .filter((change) => change.quantity === quantity)
      // An imported log holds routes and no steps.
      .map((change) => ({ change, step: change.step ?? "all routes", added: change.candidate - change.baseline }))
      .filter(({ step, added }) => added > 0 && !isExplained(step))
      .sort((a, b) => b.added - a.added)
      .map(({ change, step, added }) => ({
        service: change.service,
        layer,
        text:
          `${step}: ${formatNumber(added)} ms more ${what} time per request ` +
          `(${formatNumber(change.baseline)} → ${formatNumber(change.candidate)} ms)`,
        statement: null,
        addedCalls: null,
        addedMs: added,
        step,
      })),
  );
}

/** unexplained is one finding for each service that became slower without any other finding: its cause was not measured. */
function unexplained(regressed: readonly JudgedChange[], findings: readonly Finding[]): Finding[] {
  const services = new Set(
    regressed
      .filter(({ gate, kind, service }) => gate && kind === "latency" && !findings.some((finding) => finding.service === service))
      .map(({ service }) => service),
  );
  return [...services].map((service) => {
    const label = service === "platform" ? "all services" : describeScenario(service).label;
    const headline = `${label}: slower, but neither more SQL statements nor more Python or SQL time per request was shown`;
    return {
      service,
      layer: "cannot-tell",
      text:
        `${headline}; cannot tell whether requests wait for workers, locks or the ingress ` +
        "(longer load, or the worker and lock probes, would show it)",
      headline,
      statement: null,
      addedCalls: null,
      addedMs: null,
    };
  });
}
