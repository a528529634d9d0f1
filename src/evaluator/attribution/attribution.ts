import type { AddedTime, Attribution, Evaluation, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { describeScenario } from "../../domain/load/scenario-unit.ts";
import { formatNumber } from "../effects/wording.ts";
import { addedBlocks, addedStatements } from "./added-statements.ts";
import { standsOut, type StepDifferences, stepDifferences } from "./differences.ts";
import { errorFindings, errorOrigins, workerFindings } from "./errors.ts";
import { splitStep } from "./split-step.ts";
import { costlierStatements } from "./statement-changes.ts";
import { describeAdded, describeParts, timeFindings } from "./time-findings.ts";
import { wholeArm } from "./whole-arm.ts";

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
  return service === "platform" ? "all services" : describeScenario(service).label;
}

/** Steps of one scenario whose time is split because the whole transaction regressed, and steps in all. */
const mostPerScenario = 3;
const mostSteps = 8;

/** Of the client's time, the least that added time in Odoo must be to be looked at where the client's own noise hides it. */
const leastShare = 0.02;

/**
 * regressedSteps chooses the steps whose added time is split, those that added most to the load first: steps that regressed
 * themselves, and, where a whole transaction or Odoo's CPU time did, the steps in which time was added beyond noise. Where none
 * stands out, the step that added most is split all the same, to say what can be told of it.
 */
export function regressedSteps(steps: readonly StepDifferences[], changes: readonly IndicatorChange[]): StepDifferences[] {
  const regressed = changes.filter(({ change, kind }) => change === "regressed" && (kind === "latency" || kind === "work"));
  const slower = [...steps].filter(({ client }) => client.added > 0).sort((a, b) => weightOf(b) - weightOf(a));
  const own = slower.filter(({ step }) => regressed.some(({ label }) => label.startsWith(`${step}:`)));
  const isCpu = regressed.some(({ service, kind, unit }) => service === "platform" && kind === "work" && unit === "ms");
  const scenarios = [...new Set(slower.map(({ scenario }) => scenario))];
  const parts = scenarios.flatMap((scenario) => {
    const inside = slower.filter((each) => each.scenario === scenario);
    const found = inside.filter((each) => grew(each)).slice(0, mostPerScenario);
    const isSlower = regressed.some((change) => isTransactionOf(change, scenario) && change.kind === "latency");
    const isWhole = isCpu || regressed.some((change) => isTransactionOf(change, scenario));
    if (found.length === 0 && isSlower && !own.some((each) => each.scenario === scenario)) return inside.slice(0, 1);
    return isWhole ? found : [];
  });
  return [...new Set([...own, ...parts])].sort((a, b) => weightOf(b) - weightOf(a)).slice(0, mostSteps);
}

/** Names of a transaction's indicators have two words (`checkout.latency-p95`), those of a step more. */
function isTransactionOf({ indicator }: IndicatorChange, scenario: string): boolean {
  return indicator.startsWith(`${scenario}.`) && indicator.split(".").length === 2;
}

function grew({ client, log }: StepDifferences): boolean {
  if (standsOut(client)) return true;
  if (log === null || !(standsOut(log.python) || standsOut(log.sql))) return false;
  return log.python.added + log.sql.added >= leastShare * client.baseline;
}

/** Milliseconds that the step added to the whole load. */
function weightOf({ client, requests }: StepDifferences): number {
  return client.added * requests.candidate;
}

/** causeSentence says for a leader what is behind a failure, without SQL, as the next sentence; empty where no cause is known. */
export function causeSentence({ attribution, addedTime }: Causes): string {
  const [first] = attribution;
  if (first === undefined) return "";
  const time = isCounted(first) ? undefined : addedTime.find(({ step }) => step === first.step);
  if (time === undefined) return sentence(first.text.split(DETAIL, 1)[0] ?? first.text);
  const parts = describeParts(time);
  const doubt = time.layer === "cannot-tell" ? "; where most of it goes cannot be told" : "";
  return sentence(`${describeAdded(time)}${parts === "" ? "" : `: ${parts}`}${doubt}`);
}

/** Behind this a finding names its statement, or what it could not tell. */
const DETAIL = /: [\d.\u202f]+ × |; /;

/** Failures and statements were counted, and are told as they are. */
function isCounted({ addedMs, addedCalls, layer }: Attribution): boolean {
  return addedCalls !== null || (addedMs === null && layer !== "cannot-tell");
}

function sentence(text: string): string {
  return ` ${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** What a statement costs besides PostgreSQL's time, in ms and roughly: Odoo builds it, and makes records of its rows. */
const odooMsPerStatement = 1;

/** Of the longest time that was added to a step of the service, the share below which its added statements are no cause of it. */
const leastShareOfWhole = 0.05;

/**
 * weightiestFirst puts added statements before added times, for they are counted and not shared out; but not those that are next to
 * nothing of what was added. An order that takes longer than a second writes the records of each second by a statement of its
 * own, so whatever slows it down adds one.
 */
export function weightiestFirst(statements: readonly Attribution[], times: readonly Attribution[]): Attribution[] {
  const isSlight = ({ service, addedMs, addedCalls }: Attribution) => {
    const ownMs = (addedMs ?? 0) + odooMsPerStatement * (addedCalls ?? 0);
    const longest = Math.max(0, ...times.filter((time) => time.service === service).map((time) => time.addedMs ?? 0));
    return ownMs < leastShareOfWhole * longest;
  };
  return [...statements.filter((finding) => !isSlight(finding)), ...times, ...statements.filter((finding) => isSlight(finding))];
}
