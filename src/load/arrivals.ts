import { HarnessError } from "../domain/error.ts";
import {
  type Plan,
  SCENARIO_NAMES,
  type ScenarioLoad,
  type ScenarioName,
  type ScenarioPlan,
  type Workload,
} from "../domain/load/plan.ts";
import type { Schedule } from "../domain/load/run.ts";
import { declarationOf } from "../domain/load/scenarios.ts";

/** The ready VUs suffice for transactions up to the first duration, the maximum for transactions up to the second. */
const READY_FOR_S = 10;
const STRETCHED_TO_S = 60;
const VU_LIMITS = { ready: { from: 8, to: 200 }, maximum: { from: 10, to: 600 } };
/** Part of its period by which each scenario starts later than the previous one. */
const GOLDEN = 0.618_033_988_75;

/**
 * sizeScenarios computes the virtual users that each scenario needs to keep its rate, and its phase.
 *
 * Scenarios that start together coincide every few seconds: in a duet of four scenarios half of all orders coincided with a burst,
 * which doubled the spread of their latency and caused every serialization retry. Phases by the golden ratio keep any number of
 * scenarios apart. The first scenario starts at zero: its first arrival is the start of the load.
 */
export function sizeScenarios(loads: Workload["scenarios"]): Plan["scenarios"] {
  const present = SCENARIO_NAMES.filter((name) => loads[name] !== undefined);
  return Object.fromEntries(
    present.flatMap((name, index) => {
      const load = loads[name];
      return load === undefined ? [] : [[name, sizeScenario(name, load, (index * GOLDEN) % 1)] as const];
    }),
  );
}

function sizeScenario(name: ScenarioName, load: ScenarioLoad, part: number): ScenarioPlan {
  const { perMinute, size } = load;
  if (!Number.isInteger(perMinute) || perMinute < 1 || !Number.isInteger(size) || size < 1) {
    throw new HarnessError("usage", `workload: ${name} has rate ${perMinute} per minute and size ${size}`, {
      hint: "Both must be whole numbers from 1: k6 starts whole iterations.",
    });
  }
  const { ready, maximum } = VU_LIMITS;
  const preAllocatedVUs = clamp(Math.ceil((perMinute / 60) * READY_FOR_S), ready);
  return {
    perMinute,
    phaseMs: Math.round((part * 60_000) / perMinute),
    size,
    preAllocatedVUs,
    maxVUs: Math.max(preAllocatedVUs, clamp(Math.ceil((perMinute / 60) * STRETCHED_TO_S), maximum)),
    prefix: declarationOf(name).prefix,
  };
}

function clamp(value: number, limits: { from: number; to: number }): number {
  return Math.min(limits.to, Math.max(limits.from, value));
}

/** PlannedArrivals counts the planned transactions of one scenario, both arms together. */
export interface PlannedArrivals {
  readonly warmup: number;
  /** Due in the measured load, after the warm-up. */
  readonly load: number;
  /** Pairs of the whole run. Each pair has its own business data, the same for both arms. */
  readonly pairs: number;
}

/**
 * plannedArrivals counts the arrivals that do work. Arrivals in the guard time of a slot, and arrivals without a partner in the other
 * arm, do none.
 */
export function plannedArrivals(
  plan: Pick<Plan, "schedule" | "warmupMs" | "durationMs"> & {
    readonly scenarios: Partial<Readonly<Record<ScenarioName, Pick<ScenarioPlan, "perMinute" | "phaseMs">>>>;
  },
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
