import { SCENARIO_NAMES, type ScenarioName } from "./plan.ts";

/** ScenarioLoad is one scenario in business units; both arms together make `perMinute` transactions. */
export interface ScenarioLoad {
  readonly perMinute: number;
  /** Products per cart, SKUs per sync, lines per order, pickings per wave, orders per burst. */
  readonly size: number;
}

/** Workload is what a run asks of the store, before it is compiled for k6. */
export interface Workload {
  readonly loadMs: number;
  readonly warmupMs: number;
  readonly scenarios: Partial<Readonly<Record<ScenarioName, ScenarioLoad>>>;
}

/** scenariosOf lists the scenarios that a workload loads. */
export function scenariosOf({ scenarios }: Workload): readonly ScenarioName[] {
  return SCENARIO_NAMES.filter((name) => scenarios[name] !== undefined);
}
