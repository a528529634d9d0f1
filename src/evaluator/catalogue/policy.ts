import { HarnessError } from "../../domain/error.ts";
import type { Indicator } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { BACKLOG_READINGS } from "./backlog-indicators.ts";
import { scenarioOfStep } from "../../domain/load/scenario-unit.ts";
import { SCENARIO_NAMES, SCENARIOS } from "../../domain/load/scenarios.ts";
import { indicatorsFor } from "./catalogue.ts";
import { importedIndicators } from "./imported-indicators.ts";
import { FRESHNESS_METRIC } from "./scenario-indicators.ts";
import { stepIndicators } from "./step-indicators.ts";

/** applyPolicy puts the policy's margins and gates in force. The longest matching name wins: an exact id beats any prefix. */
export function applyPolicy(indicator: Indicator, policy: Policy): Indicator {
  const matching = Object.entries(policy.indicators)
    .filter(([pattern]) => matches(pattern, indicator.id))
    .sort(([a], [b]) => rank(a, indicator.id) - rank(b, indicator.id));
  let result = indicator;
  for (const [, rule] of matching) {
    result = { ...result, gate: rule.gate ?? result.gate, margin: { ...result.margin, ...definedParts(rule.margin ?? {}) } };
  }
  return result;
}

/** checkPolicy refuses rules that could not mean anything: unknown indicators, and margins that nothing could stay inside. */
export function checkPolicy(policy: Policy, measured: readonly Indicator[]): void {
  const scenarios = new Set(measured.map(({ source }) => (source.kind === "level" ? null : source.scenario)));
  for (const [pattern, rule] of Object.entries(policy.indicators)) {
    const meant = [...measured, ...shippedIndicators].filter(({ id }) => matches(pattern, id));
    if (meant.length === 0 && !namesUnmeasuredStep(pattern, scenarios)) {
      throw new HarnessError("usage", `policy.indicators.${pattern}: there is no such indicator`, {
        hint: `Known are: ${namesLike(pattern, [...measured, ...shippedIndicators])}. A * at the end matches a prefix.`,
        place: ["policy", "indicators", pattern],
      });
    }
    for (const part of ["relative", "absolute"] as const) {
      const value = rule.margin?.[part];
      if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
        throw new HarnessError("usage", `policy.indicators.${pattern}.margin.${part}: ${value} is no margin`, {
          hint: "Write a number of zero or more, such as 0.05 for 5 %.",
          place: ["policy", "indicators", pattern, "margin", part],
        });
      }
    }
    for (const indicator of meant) {
      const { margin } = applyPolicy(indicator, policy);
      if (margin.relative > 0 || margin.absolute > 0) continue;
      throw new HarnessError("usage", `policy.indicators.${pattern}.margin: a margin of zero for ${indicator.id}`, {
        hint: "No amount of load can show a change of exactly zero. Write the smallest change that matters, or gate: false.",
        place: ["policy", "indicators", pattern, "margin"],
      });
    }
  }
}

/** Those of the same scenario, where there are any: the list of all is longer than anybody reads. */
function namesLike(pattern: string, indicators: readonly Indicator[]): string {
  const ids = [...new Set(indicators.map(({ id }) => id))].sort();
  const alike = ids.filter((id) => id.split(".", 1)[0] === pattern.split(".", 1)[0]);
  return (alike.length > 0 ? alike : ids).slice(0, 60).join(", ");
}

function matches(pattern: string, id: string): boolean {
  return pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : pattern === id;
}

function rank(pattern: string, id: string): number {
  return pattern === id ? Number.POSITIVE_INFINITY : pattern.length;
}

function definedParts(margin: Partial<Indicator["margin"]>): Partial<Indicator["margin"]> {
  return {
    ...(margin.relative === undefined ? {} : { relative: margin.relative }),
    ...(margin.absolute === undefined ? {} : { absolute: margin.absolute }),
  };
}

/** A step is known by its measurements alone; of a scenario that did not run, any step may be one of its steps. */
function namesUnmeasuredStep(pattern: string, measured: ReadonlySet<string | null>): boolean {
  const scenario = scenarioOfStep(pattern.replace(".", "/"));
  return scenario !== null && !measured.has(scenario) && couldNameIndicator(pattern);
}

const ALL_READINGS = (
  "odoo_cpu_ms postgres_cpu_ms statements_total rows_total blocks_total wal_bytes_total response_bytes " +
  "request_statements request_python_ms request_sql_ms"
)
  .split(" ")
  .concat(BACKLOG_READINGS);

/** shippedIndicators are those of the scenarios that ship with the harness: a policy may name what its workload does not run. */
export const shippedIndicators: readonly Indicator[] = indicatorsFor({
  scenarios: SCENARIO_NAMES,
  steps: [],
  readings: ALL_READINGS,
  metrics: [FRESHNESS_METRIC],
  imported: false,
});

/** Any name of a step; steps are called as the script calls them. */
const HOLE = "any";

const stepNames: readonly string[] = [
  ...SCENARIOS.flatMap(({ name, service }) => [name, service]).flatMap((prefix) =>
    stepIndicators(`${prefix}/${HOLE}`, ALL_READINGS),
  ),
  ...importedIndicators({ scenarios: [], steps: [HOLE], readings: ALL_READINGS, imported: true }),
].map(({ id }) => id);

/** couldNameIndicator says whether a name of the policy can be that of an indicator before anything was measured. */
export function couldNameIndicator(pattern: string): boolean {
  const prefix = pattern.endsWith("*") ? pattern.slice(0, -1) : null;
  const fits = (id: string) => (prefix === null ? id === pattern : id.startsWith(prefix));
  if (shippedIndicators.some(({ id }) => fits(id))) return true;
  return stepNames.some((template) => {
    const [before = "", after] = template.split(`.${HOLE}.`);
    if (after === undefined) return fits(template);
    if (prefix !== null) return prefix.startsWith(`${before}.`) || `${before}.`.startsWith(prefix);
    return pattern.startsWith(`${before}.`) && pattern.endsWith(`.${after}`) && pattern.length > before.length + after.length + 2;
  });
}

/** defaultPolicy is what holds where the project's config says nothing. */
export const defaultPolicy: Policy = {
  // One campaign in a hundred may call an unchanged release worse, over all gates together.
  alpha: 0.01,
  // Two one-sided tests at 5 % each, the usual level of equivalence testing.
  equivalenceAlpha: 0.05,
  resamples: 2000,
  // Below six blocks neither their spread nor its autocorrelation can be told.
  minimumBlocks: 6,
  // Long enough for several transactions of every scenario, short enough for a dozen blocks in a campaign of minutes.
  blockMs: 10_000,
  minimumAchievedRatio: 0.95,
  maximumStealRatio: 0.05,
  maximumForeignCpuRatio: 0.1,
  maximumLoaderCpuRatio: 0.4,
  indicators: {},
};
