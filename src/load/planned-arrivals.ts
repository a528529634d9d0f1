import type { Plan, ScenarioName } from "../domain/plan.ts";
import type { Schedule } from "../domain/run.ts";

/** PlannedArrivals counts the transactions of one scenario that the plan asks for, both arms together. */
export interface PlannedArrivals {
  readonly warmup: number;
  /** Due in the measured load, after the warm-up. */
  readonly load: number;
  /** Pairs of the whole run: each takes business data of its own, the same for both arms. */
  readonly pairs: number;
}

/**
 * plannedArrivals counts what the arrival-rate executor starts and the scenarios do not let go by: arrivals in the guard time of a
 * slot, and those that have no partner in the other arm, do nothing. Arrival n is due at n periods after the start.
 */
export function plannedArrivals(
  plan: Pick<Plan, "scenarios" | "schedule" | "warmupMs" | "durationMs">,
  scenario: ScenarioName,
): PlannedArrivals {
  const perMinute = plan.scenarios[scenario]?.perMinute ?? 0;
  if (perMinute <= 0) return { warmup: 0, load: 0, pairs: 0 };
  const periodMs = 60_000 / perMinute;
  const endMs = plan.warmupMs + plan.durationMs;
  const due = Array.from({ length: firstAtOrAfter(endMs, periodMs) }, (_, number) => number);
  const working = due.filter((number) => isWorking(plan.schedule, { number, periodMs, endMs }));
  const warmup = working.filter((number) => number < firstAtOrAfter(plan.warmupMs, periodMs)).length;
  const pairs = plan.schedule.kind === "sequential" ? working.length : working.length / 2;
  return { warmup, load: working.length - warmup, pairs };
}

function isWorking(schedule: Schedule, arrival: { number: number; periodMs: number; endMs: number }): boolean {
  const { number, periodMs, endMs } = arrival;
  if (schedule.kind === "sequential") return true;
  if (schedule.kind === "duet") return (number ^ 1) < firstAtOrAfter(endMs, periodMs);
  const { slotMs, guardMs } = schedule;
  // The arrivals of a slot that are open to work are those in [first, end).
  const first = (slot: number) => firstAtOrAfter(slot * slotMs + guardMs, periodMs);
  const end = (slot: number) => Math.max(first(slot), firstAtOrAfter(Math.min((slot + 1) * slotMs, endMs), periodMs));
  const slot = Math.floor(((number + ROUNDING) * periodMs) / slotMs);
  const partner = slot ^ 1;
  const shared = Math.min(end(slot) - first(slot), end(partner) - first(partner));
  return number >= first(slot) && number - first(slot) < shared;
}

/** A period such as 60000 / 7 ms is no whole number: a due time this share of a period before a moment counts as on it. */
const ROUNDING = 1e-6;

function firstAtOrAfter(momentMs: number, periodMs: number): number {
  return Math.max(0, Math.ceil(momentMs / periodMs - ROUNDING));
}
