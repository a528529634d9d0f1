import type { ShopData, Workload } from "../domain/load/plan.ts";
import type { Schedule } from "../domain/load/run.ts";
import { plannedArrivals, sizeScenarios } from "../load/arrivals.ts";

/**
 * pickingsLeft takes from the pool what earlier rounds of the campaign were given. The pool is read once: what becomes ready later
 * has other numbers in each arm, and both arms must be given the same work. Null where too few are left for another round.
 */
export function pickingsLeft(
  shop: ShopData,
  options: { workload: Workload; schedule: Schedule; earlierRounds: number },
): ShopData | null {
  const { workload, schedule, earlierRounds } = options;
  const scenarios = sizeScenarios(workload.scenarios);
  const wave = scenarios["picking-wave"];
  if (wave === undefined || earlierRounds === 0) return shop;
  const plan = { schedule, warmupMs: workload.warmupMs, durationMs: workload.loadMs, scenarios };
  const taken = plannedArrivals(plan, "picking-wave").pairs * wave.size;
  const pickings = shop.pickings.slice(earlierRounds * taken);
  return pickings.length >= taken ? { ...shop, pickings } : null;
}
