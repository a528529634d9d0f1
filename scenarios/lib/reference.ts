import type { Arm, ScenarioName } from "./plan.ts";

const SHORT: Readonly<Record<ScenarioName, string>> = {
  checkout: "co",
  "stock-sync": "ss",
  "order-import": "oi",
  "picking-wave": "pw",
  "store-orders": "so",
};

/** makeStamp is what every reference of a run in one arm begins with. */
export function makeStamp({ runId, arm }: { runId: string; arm: Arm }): string {
  return `pp-${runId}-${arm === "baseline" ? "b" : "c"}-`;
}

/** makeReference stamps everything an iteration creates, so that it can be found, checked and cleaned up afterwards. */
export function makeReference(options: { runId: string; arm: Arm; scenario: ScenarioName; iteration: number }): string {
  const { scenario, iteration } = options;
  return `${makeStamp(options)}${SHORT[scenario]}-${iteration}`;
}
