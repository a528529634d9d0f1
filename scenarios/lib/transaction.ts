import exec from "k6/execution";

import { findOutcome, type Outcome } from "./answer.ts";
import { findIntendedOffset, takeTurn } from "./arrival.ts";
import { type Chooser, createChooser } from "./hash.ts";
import { type Entry, makeReference, makeStamp, writeLedger } from "./ledger.ts";
import type { Arm } from "../../src/domain/arm.ts";
import type { ArmTarget, Plan, ScenarioName, ScenarioPlan, ShopData } from "../../src/domain/load/plan.ts";
import type { CapabilityVariants } from "../../src/domain/target/capabilities.ts";
import { createStep, startLag, type Step, transactionTime } from "./step.ts";

/** Transaction is the input of a flow. */
export interface Transaction {
  readonly arm: Arm;
  readonly target: ArmTarget;
  /** Both arms of a pair do the same work: all business data is chosen by the pair. */
  readonly pair: number;
  readonly size: number;
  readonly data: ShopData;
  /** The variant of each capability on the server. */
  readonly variants: CapabilityVariants;
  /** The beginning of all references of this run in this arm. */
  readonly stamp: string;
  /** Unique stamp of this transaction. */
  readonly reference: string;
  readonly choose: Chooser;
  readonly step: Step;
  /** Milliseconds since this transaction was due. */
  readonly sinceDueMs: () => number;
  readonly record: (entry: Entry) => void;
}

/** transact runs one iteration as one transaction. It never throws: each end is an outcome. */
export function transact(plan: Plan, scenario: ScenarioName, flow: (transaction: Transaction) => void): void {
  const scenarioPlan = plan.scenarios[scenario];
  if (scenarioPlan === undefined) throw new Error(`the plan has no scenario ${scenario}`);
  const { iterationInTest: iteration, startTime: scenarioStartMs } = exec.scenario;
  const startedMs = Date.now();
  const { perMinute, phaseMs } = scenarioPlan;
  const periodMs = 60_000 / perMinute;
  const sinceStartMs = findIntendedOffset({ iteration, elapsedMs: startedMs - scenarioStartMs, periodMs });
  const offsetMs = phaseMs + sinceStartMs;
  const endMs = plan.warmupMs + plan.durationMs;
  const turn = takeTurn(plan.schedule, { seed: plan.seed, scenario, iteration, offsetMs, phaseMs, periodMs, endMs });
  if (turn.kind === "idle") {
    // The VU may have worked for an arm before; an idle iteration belongs to none.
    delete exec.vu.metrics.tags["arm"];
    delete exec.vu.metrics.metadata["pair"];
    return;
  }
  exec.vu.metrics.tags["arm"] = turn.arm;
  // Metadata, unlike a tag, creates no separate series in k6.
  exec.vu.metrics.metadata["pair"] = String(turn.pair);
  const dueMs = scenarioStartMs + sinceStartMs;
  const lagMs = Math.max(0, startedMs - dueMs);
  startLag.add(lagMs);
  const outcome = runFlow(flow, () => openTransaction(plan, scenario, { ...turn, scenarioPlan, iteration, dueMs, lagMs }));
  transactionTime.add(Math.max(0, Date.now() - dueMs), { outcome });
}

function runFlow(flow: (transaction: Transaction) => void, open: () => Transaction): Outcome {
  try {
    flow(open());
    return "ok";
  } catch (error) {
    const outcome = findOutcome(error);
    const text = error instanceof Error ? error.message : String(error);
    console.warn(JSON.stringify({ failure: outcome, text: text.slice(0, 400) }));
    return outcome;
  }
}

function openTransaction(
  plan: Plan,
  scenario: ScenarioName,
  options: { arm: Arm; pair: number; scenarioPlan: ScenarioPlan; iteration: number; dueMs: number; lagMs: number },
): Transaction {
  const { arm, pair, scenarioPlan, iteration, dueMs, lagMs } = options;
  const target = plan.arms[arm];
  if (target === undefined) throw new Error(`the plan has no ${arm} target`);
  const { runId, seed, data, capabilities } = plan;
  return {
    arm,
    target,
    pair,
    size: scenarioPlan.size,
    data,
    variants: capabilities,
    stamp: makeStamp({ runId, arm }),
    reference: makeReference({ runId, arm, prefix: scenarioPlan.prefix, iteration }),
    choose: createChooser({ seed, scenario, pair }),
    step: createStep({ baseUrl: target.baseUrl, lagMs }),
    sinceDueMs: () => Math.max(0, Date.now() - dueMs),
    record: (entry) => writeLedger({ runId, arm, scenario }, entry),
  };
}
