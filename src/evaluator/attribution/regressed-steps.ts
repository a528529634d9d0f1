import type { IndicatorChange } from "../../domain/judgement/evaluation.ts";
import { standsOut } from "./mean-difference.ts";
import type { StepDifferences } from "./step-differences.ts";

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
