import type { Options, Scenario } from "k6/options";
import type { Plan, ScenarioName, ScenarioPlan } from "./plan.ts";

/** buildOptions turns the plan into k6's options. `exec` names the exported function of each scenario. */
export function buildOptions(plan: Plan, exec: Readonly<Record<ScenarioName, string>>): Options {
  const names: readonly ScenarioName[] = ["checkout", "stock-sync", "order-import", "picking-wave", "store-orders"];
  const scenarios: Record<string, Scenario> = {};
  for (const name of names) {
    const scenario = plan.scenarios[name];
    if (scenario !== undefined) scenarios[name] = toScenario(plan, scenario, exec[name]);
  }
  return {
    scenarios,
    setupTimeout: "60s",
    // To close a till, Odoo goes through all of its orders in one request.
    teardownTimeout: "90s",
    // `url` would make one series for every address, and `error` is free text.
    systemTags: ["status", "method", "name", "scenario", "group", "error_code", "expected_response"],
    userAgent: `peakproof (run ${plan.runId})`,
  };
}

function toScenario(plan: Plan, scenario: ScenarioPlan, exec: string): Scenario {
  return {
    executor: "constant-arrival-rate",
    exec,
    rate: scenario.perMinute,
    timeUnit: "60s",
    startTime: `${scenario.phaseMs}ms`,
    duration: `${plan.warmupMs + plan.durationMs - scenario.phaseMs}ms`,
    preAllocatedVUs: scenario.preAllocatedVUs,
    maxVUs: scenario.maxVUs,
    gracefulStop: `${plan.gracefulStopMs}ms`,
  };
}
