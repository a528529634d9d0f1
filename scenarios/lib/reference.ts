import type { Arm, ScenarioName } from "./plan.ts";

const SHORT: Readonly<Record<ScenarioName, string>> = {
  checkout: "co",
  "stock-sync": "ss",
  "order-import": "oi",
  "picking-wave": "pw",
};

/** makeReference stamps everything an iteration creates, so that it can be found, checked and cleaned up afterwards. */
export function makeReference(options: { runId: string; arm: Arm; scenario: ScenarioName; iteration: number }): string {
  const { runId, arm, scenario, iteration } = options;
  return `pp-${runId}-${arm === "baseline" ? "b" : "c"}-${SHORT[scenario]}-${iteration}`;
}
