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
