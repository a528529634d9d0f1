import type { Indicator } from "../../domain/judgement/indicator.ts";
import type { TargetPart } from "../../domain/target/target.ts";
import { backlogIndicators } from "./backlog-indicators.ts";
import { describeScenario, scenarioOfStep } from "../../domain/load/scenario-unit.ts";
import { importedIndicators } from "./imported-indicators.ts";
import { platformIndicators } from "./platform-indicators.ts";
import { freshnessIndicators, scenarioIndicators } from "./scenario-indicators.ts";
import { stepIndicators } from "./step-indicators.ts";

/** MeasuredFacts are the facts about a run from which the catalogue chooses its indicators. */
export interface MeasuredFacts {
  readonly scenarios: readonly string[];
  /** Step names as k6 tagged them. */
  readonly steps: readonly string[];
  /** Names of the readings that the bundle holds. */
  readonly readings: readonly string[];
  /** Names of the k6 metrics that the bundle holds; where absent, only the metrics of every run are expected. */
  readonly metrics?: readonly string[];
  /** True for results of a foreign k6 script, of which only the steps are known. */
  readonly imported: boolean;
  /** Planned transactions per arm, by scenario; where absent, latency gates at any volume. */
  readonly plannedPerArm?: Readonly<Record<string, number>>;
  /** Parts of the target that the config declared as unseen before the load. */
  readonly unseen?: readonly TargetPart[];
}

/**
 * indicatorsFor chooses the indicators of a run.
 *
 * Gates do not depend on which readings arrived: a failed probe must leave a gate without data, which is inconclusive, instead of
 * removing the gate. Only a part that was declared as unseen before the load removes its gates, and the verdict names them
 * (blindSpots). Advisory indicators exist only where they were measured.
 */
export function indicatorsFor(facts: MeasuredFacts): Indicator[] {
  if (facts.imported) return importedIndicators(facts);
  const scenarios = [...new Set(facts.scenarios)].sort();
  const steps = [...new Set(facts.steps)].sort().filter((step) => scenarios.includes(scenarioOfStep(step) ?? ""));
  const all = [
    ...scenarios.flatMap((name) => scenarioIndicators(describeScenario(name), facts.plannedPerArm?.[name] ?? null)),
    ...steps.flatMap((step) => stepIndicators(step, facts.readings)),
    ...freshnessIndicators({ ...facts, scenarios }),
    ...backlogIndicators(facts.readings),
    // With one scenario the failed share of the scenario is that of all services: a second gate on the same numbers costs power.
    ...platformIndicators(facts.readings, plannedInAll(facts)).filter(
      ({ source }) => source.kind !== "count" || source.event !== "failed-transaction" || scenarios.length > 1,
    ),
  ];
  return all.filter((indicator) => !facts.unseen?.some((part) => part === partBehind(indicator)));
}

function plannedInAll({ plannedPerArm }: MeasuredFacts): number | null {
  return plannedPerArm === undefined ? null : Object.values(plannedPerArm).reduce((total, count) => total + count, 0);
}

const PART_OF_READING: Readonly<Record<string, TargetPart>> = { request_statements: "odoo-log", odoo_cpu_ms: "odoo-processes" };

/** partBehind is the part of the target without which an indicator has no data; null where k6 alone measures it. */
export function partBehind({ source }: Pick<Indicator, "source">): TargetPart | null {
  if (source.kind === "count" && source.event === "serialization-retry") return "odoo-log";
  return source.kind === "ratio" ? (PART_OF_READING[source.reading] ?? null) : null;
}
