import { HarnessError } from "../domain/error.ts";
import { SCENARIO_NAMES, type ScenarioName, type Workload } from "../domain/load/plan.ts";
import type { Schedule } from "../domain/load/run.ts";
import { plannedArrivals, sizeScenarios } from "./arrivals.ts";

/** PlannedWrites is the most that a run writes, both arms and warm-up together. */
export interface PlannedWrites {
  /** Business transactions: checkouts, syncs, orders, waves, bursts. */
  readonly transactions: number;
  /**
   * Records by model that are created, or changed for good. What Odoo writes beside them (notes, reservations) is not counted.
   */
  readonly records: Readonly<Record<string, number>>;
}

/** WRITES_OF are the most records of one transaction of a given size, where nothing goes wrong half-way: those of Odoo 14. */
const WRITES_OF: Readonly<Record<ScenarioName, (size: number) => Readonly<Record<string, number>>>> = {
  checkout: (size) => ({
    "sale.order": 1,
    "sale.order.line": size,
    "res.partner": 1,
    "payment.token": 1,
    "payment.transaction": 1,
    "account.move": 1,
    "stock.picking": 1,
    "stock.move": size,
    "mail.mail": 1,
  }),
  "stock-sync": (size) => ({ "stock.inventory": 1, "stock.move": size }),
  "order-import": (size) => ({ "sale.order": 1, "sale.order.line": size, "stock.picking": 1, "stock.move": size }),
  // The pickings were there before and become done, each with a few moves.
  "picking-wave": (size) => ({ "stock.picking.batch": 1, "stock.picking": size }),
  // Without the session of each till, which is opened and closed once. Orders have up to three lines.
  "store-orders": (size) => ({
    "pos.order": size,
    "pos.order.line": 3 * size,
    "pos.payment": size,
    "stock.picking": size,
    "stock.move": 3 * size,
  }),
};

/**
 * plannedWrites multiplies the plan's arrivals by what each of them writes. It asks nobody, so it can come before the first call.
 */
export function plannedWrites({ workload, schedule }: { workload: Workload; schedule: Schedule }): PlannedWrites {
  const scenarios = sizeScenarios(workload.scenarios);
  const plan = { scenarios, schedule, warmupMs: workload.warmupMs, durationMs: workload.loadMs };
  const records: Record<string, number> = {};
  let transactions = 0;
  for (const name of SCENARIO_NAMES) {
    const { warmup, load } = plannedArrivals(plan, name);
    transactions += warmup + load;
    for (const [model, count] of Object.entries(WRITES_OF[name](scenarios[name]?.size ?? 0))) {
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

/** describeWrites says in one line what a run may leave. */
export function describeWrites({ transactions, records }: PlannedWrites): string {
  const list = Object.entries(records).map(([model, count]) => `${count} ${model}`);
  return `this run makes at most ${transactions} business transactions: ${list.join(", ")}`;
}
