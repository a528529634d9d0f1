import type { Arm } from "../../src/domain/arm.ts";
import type { ScenarioName } from "../../src/domain/load/plan.ts";

/** Entry is the part of a ledger record that a scenario writes. `intent` is written before the request that creates. */
export interface Entry {
  readonly ledger: "intent" | "created" | "done";
  readonly model: string;
  readonly id: number | null;
  readonly ref: string;
  readonly detail: Readonly<Record<string, number | string>>;
}

/** writeLedger writes one record, as one line of JSON, to k6's console. The harness copies it into the bundle. */
export function writeLedger(owner: { runId: string; arm: Arm; scenario: ScenarioName }, entry: Entry): void {
  const { ledger, model, id, ref, detail } = entry;
  console.log(JSON.stringify({ ledger, ...owner, model, id, ref, detail }));
}

/** makeStamp is the beginning of every reference of a run in one arm. */
export function makeStamp({ runId, arm }: { runId: string; arm: Arm }): string {
  return `pp-${runId}-${arm === "baseline" ? "b" : "c"}-`;
}

/** makeReference is the reference of one iteration. All its records bear it, so that they can be found, checked and cleaned up. */
export function makeReference(options: { runId: string; arm: Arm; prefix: string; iteration: number }): string {
  const { prefix, iteration } = options;
  return `${makeStamp(options)}${prefix}-${iteration}`;
}
