import type { Arm, ScenarioName } from "./plan.ts";

/** Entry is the part of a ledger record that a scenario knows. `intent` goes before the creating request. */
export interface Entry {
  readonly ledger: "intent" | "created" | "done";
  readonly model: string;
  readonly id: number | null;
  readonly ref: string;
  readonly detail: Readonly<Record<string, number | string>>;
}

/** writeLedger puts one record, as one line of JSON, on k6's console, from where the harness takes it into the bundle. */
export function writeLedger(owner: { runId: string; arm: Arm; scenario: ScenarioName }, entry: Entry): void {
  const { ledger, model, id, ref, detail } = entry;
  console.log(JSON.stringify({ ledger, ...owner, model, id, ref, detail }));
}

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
