import { HarnessError } from "../domain/error.ts";
import { SCENARIO_NAMES, type Workload } from "../domain/load/plan.ts";
import type { Schedule } from "../domain/load/run.ts";
import { declarationOf } from "../domain/load/scenarios.ts";
import { plannedArrivals, sizeScenarios } from "./arrivals.ts";

/** PlannedWrites is the most that a run writes, both arms and warm-up together. */
export interface PlannedWrites {
  /** Business transactions of scenarios that write: checkouts, syncs, orders, waves, bursts. */
  readonly transactions: number;
  /** Records by model that are created or changed for good; see `writes` of ScenarioDeclaration. */
  readonly records: Readonly<Record<string, number>>;
}

/** plannedWrites multiplies the planned arrivals by the records of one transaction. It needs no server, so it precedes the first call. */
export function plannedWrites({ workload, schedule }: { workload: Workload; schedule: Schedule }): PlannedWrites {
  const scenarios = sizeScenarios(workload.scenarios);
  const plan = { scenarios, schedule, warmupMs: workload.warmupMs, durationMs: workload.loadMs };
  const records: Record<string, number> = {};
  let transactions = 0;
  for (const name of SCENARIO_NAMES) {
    const written = Object.entries(declarationOf(name).writes(scenarios[name]?.size ?? 0));
    if (written.length === 0) continue;
    const { warmup, load } = plannedArrivals(plan, name);
    transactions += warmup + load;
    for (const [model, count] of written) {
      const all = count * (warmup + load);
      if (all > 0) records[model] = (records[model] ?? 0) + all;
    }
  }
  return { transactions, records };
}

/** requireWriteBudget refuses a plan that would write more than the target allows. */
export function requireWriteBudget({ transactions }: PlannedWrites, budget: number | undefined): void {
  if (budget === undefined || transactions <= budget) return;
  throw new HarnessError(
    "usage",
    `the plan makes ${transactions} business transactions, and target.writeBudget allows ${budget}; nothing was sent`,
    {
      hint: "Lower the rates, shorten the load, or raise target.writeBudget if the database may take that much.",
      place: ["target", "writeBudget"],
    },
  );
}

/** describeWrites describes in one line what a run writes at most. */
export function describeWrites({ transactions, records }: PlannedWrites): string {
  if (transactions === 0) return "this run writes no business records";
  const list = Object.entries(records).map(([model, count]) => `${count} ${model}`);
  return `this run makes at most ${transactions} business transactions: ${list.join(", ")}`;
}
