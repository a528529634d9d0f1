import { HarnessError } from "../../domain/error.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { type Indicator, scenarioOf } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { BACKLOG_READINGS } from "./backlog-indicators.ts";
import { scenarioOfStep } from "../../domain/load/scenario-unit.ts";
import { SCENARIO_NAMES, SCENARIOS } from "../../domain/load/scenarios.ts";
import { indicatorsFor } from "./catalogue.ts";
import { importedIndicators } from "./imported-indicators.ts";
import { FRESHNESS_METRIC } from "./scenario-indicators.ts";
import { stepIndicators } from "./step-indicators.ts";

/** defaultPolicy holds the values that apply where the config of the project sets none. */
export const defaultPolicy: Policy = {
  // Over all gates together, one campaign in a hundred may fail an unchanged release.
  alpha: 0.01,
  // Two one-sided tests at 5 % each, the usual level of equivalence testing.
  equivalenceAlpha: 0.05,
  resamples: 2000,
  // Fewer than six blocks show neither their spread nor its autocorrelation.
  minimumBlocks: 6,
  // Long enough for several transactions of each scenario, short enough for a dozen blocks in a campaign of a few minutes.
  blockMs: 10_000,
  minimumAchievedRatio: 0.95,
  maximumStealRatio: 0.05,
  maximumForeignCpuRatio: 0.1,
  maximumLoaderCpuRatio: 0.4,
  indicators: {},
};

/** underPolicy gives each series of the evidence the margin and the gate that the policy sets. */
export function underPolicy(evidence: Evidence, policy: Policy): Evidence {
  return {
    ...evidence,
    series: evidence.series.map((series) => ({ ...series, indicator: applyPolicy(series.indicator, policy) })),
  };
}

/** gatesUnderPolicy are the gates of these scenarios under the policy, whether or not they were measured. */
export function gatesUnderPolicy(scenarios: readonly string[], policy: Policy): readonly Indicator[] {
  return indicatorsFor({ scenarios, steps: [], readings: [], imported: false })
    .map((indicator) => applyPolicy(indicator, policy))
    .filter(({ gate }) => gate);
}

/** applyPolicy sets margin and gate of one indicator by all patterns that match. The longest pattern wins; an exact id beats a prefix. */
function applyPolicy(indicator: Indicator, policy: Policy): Indicator {
  const matching = Object.entries(policy.indicators)
    .filter(([pattern]) => matches(pattern, indicator.id))
    .sort(([a], [b]) => rank(a, indicator.id) - rank(b, indicator.id));
  let result = indicator;
  for (const [, rule] of matching) {
    result = { ...result, gate: rule.gate ?? result.gate, margin: { ...result.margin, ...definedParts(rule.margin ?? {}) } };
  }
  return result;
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

/** checkPolicy refuses rules without a meaning: unknown indicators, and margins that no effect can stay inside. */
export function checkPolicy(policy: Policy, measured: readonly Indicator[]): void {
  const scenarios = new Set(measured.map((indicator) => scenarioOf(indicator)));
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

/** namesLike lists the ids with the same first word as the pattern, or else all ids: a list of all ids is too long to read. */
function namesLike(pattern: string, indicators: readonly Indicator[]): string {
  const ids = [...new Set(indicators.map(({ id }) => id))].sort();
  const alike = ids.filter((id) => id.split(".", 1)[0] === pattern.split(".", 1)[0]);
  return (alike.length > 0 ? alike : ids).slice(0, 60).join(", ");
}

function matches(pattern: string, id: string): boolean {
  return pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : pattern === id;
}

/** namesUnmeasuredStep accepts any step of a scenario that did not run: only measurements show which steps a scenario has. */
function namesUnmeasuredStep(pattern: string, measured: ReadonlySet<string | null>): boolean {
  const scenario = scenarioOfStep(pattern.replace(".", "/"));
  return scenario !== null && !measured.has(scenario) && couldNameIndicator(pattern);
}

/** ALL_READINGS are the readings that become indicators. */
const ALL_READINGS = (
  "odoo_cpu_ms postgres_cpu_ms statements_total rows_total blocks_total wal_bytes_total response_bytes " +
  "request_statements request_python_ms request_sql_ms"
)
  .split(" ")
  .concat(BACKLOG_READINGS);

/** shippedIndicators are the indicators of the shipped scenarios: a policy may name indicators that its workload does not measure. */
export const shippedIndicators: readonly Indicator[] = indicatorsFor({
  scenarios: SCENARIO_NAMES,
  steps: [],
  readings: ALL_READINGS,
  metrics: [FRESHNESS_METRIC],
  imported: false,
});

/** HOLE stands for any step: scripts choose the names of their steps. */
const HOLE = "any";

/** stepNames are the ids of step indicators, with HOLE in the place of the step. */
const stepNames: readonly string[] = [
  ...SCENARIOS.flatMap(({ name, service }) => [name, service]).flatMap((prefix) =>
    stepIndicators(`${prefix}/${HOLE}`, ALL_READINGS),
  ),
  ...importedIndicators({ scenarios: [], steps: [HOLE], readings: ALL_READINGS, imported: true }),
].map(({ id }) => id);

/** couldNameIndicator says whether a pattern of the policy can match an indicator, before anything was measured. */
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
