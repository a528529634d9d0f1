import type { Indicator } from "../domain/judgement/indicator.ts";
import { BACKLOG_READINGS } from "./backlog-indicators.ts";
import { businessSteps } from "./business-step.ts";
import { indicatorsFor } from "./catalogue.ts";
import { FRESHNESS_METRIC } from "./freshness-indicators.ts";
import { importedIndicators } from "./imported-indicators.ts";
import { stepIndicators } from "./step-indicators.ts";

const ALL_READINGS = (
  "odoo_cpu_ms postgres_cpu_ms statements_total rows_total blocks_total wal_bytes_total response_bytes " +
  "request_statements request_python_ms request_sql_ms"
)
  .split(" ")
  .concat(BACKLOG_READINGS);

/** shippedIndicators are those of the scenarios that ship with the harness: a policy may name what its workload does not run. */
export const shippedIndicators: readonly Indicator[] = indicatorsFor({
  scenarios: businessSteps.map(({ scenario }) => scenario),
  steps: [],
  readings: ALL_READINGS,
  metrics: [FRESHNESS_METRIC],
  imported: false,
});

/** Any name of a step; steps are called as the script calls them. */
const HOLE = "any";

const stepNames: readonly string[] = [
  ...businessSteps
    .flatMap(({ scenario, service }) => [scenario, service])
    .flatMap((prefix) => stepIndicators(`${prefix}/${HOLE}`, ALL_READINGS)),
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
