import type { Plan, ScenarioName } from "../domain/load/plan.ts";
import type { Schedule } from "../domain/load/run.ts";

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
 * slot, and those that have no partner in the other arm, do nothing.
 */
export function plannedArrivals(
  plan: Pick<Plan, "scenarios" | "schedule" | "warmupMs" | "durationMs">,
  scenario: ScenarioName,
): PlannedArrivals {
  const { perMinute = 0, phaseMs = 0 } = plan.scenarios[scenario] ?? {};
  if (perMinute <= 0) return { warmup: 0, load: 0, pairs: 0 };
  const rhythm = { periodMs: 60_000 / perMinute, phaseMs };
  const endMs = plan.warmupMs + plan.durationMs;
  const due = Array.from({ length: firstAtOrAfter(endMs, rhythm) }, (_, number) => number);
  const working = due.filter((number) => isWorking(plan.schedule, rhythm, { number, endMs }));
  const warmup = working.filter((number) => number < firstAtOrAfter(plan.warmupMs, rhythm)).length;
  const pairs = plan.schedule.kind === "sequential" ? working.length : working.length / 2;
  return { warmup, load: working.length - warmup, pairs };
}

/** Rhythm is when arrivals are due: arrival n at phaseMs + n x periodMs after the start of the load. */
interface Rhythm {
  readonly periodMs: number;
  readonly phaseMs: number;
}

function isWorking(schedule: Schedule, rhythm: Rhythm, { number, endMs }: { number: number; endMs: number }): boolean {
  if (schedule.kind === "sequential") return true;
  if (schedule.kind === "duet") return (number ^ 1) < firstAtOrAfter(endMs, rhythm);
  const { slotMs, guardMs } = schedule;
  // The arrivals of a slot that are open to work are those in [first, end).
  const first = (slot: number) => firstAtOrAfter(slot * slotMs + guardMs, rhythm);
  const end = (slot: number) => Math.max(first(slot), firstAtOrAfter(Math.min((slot + 1) * slotMs, endMs), rhythm));
  const slot = Math.floor((rhythm.phaseMs + (number + ROUNDING) * rhythm.periodMs) / slotMs);
  const partner = slot ^ 1;
  const shared = Math.min(end(slot) - first(slot), end(partner) - first(partner));
  return number >= first(slot) && number - first(slot) < shared;
}

/** A period such as 60000 / 7 ms is no whole number: a due time this share of a period before a moment counts as on it. */
const ROUNDING = 1e-6;

function firstAtOrAfter(momentMs: number, { periodMs, phaseMs }: Rhythm): number {
  return Math.max(0, Math.ceil((momentMs - phaseMs) / periodMs - ROUNDING));
}
