import { hash } from "./hash.ts";
import type { Arm } from "../../src/domain/arm.ts";
import type { Schedule } from "../../src/domain/load/run.ts";

/** Turn is the task of one arrival: work for an arm as a member of a pair, or none. */
export type Turn = { readonly kind: "work"; readonly arm: Arm; readonly pair: number } | { readonly kind: "idle" };

/** Arrival places one iteration in the load. Offsets are milliseconds since the start of the load, warm-up included. */
export interface Arrival {
  readonly seed: number;
  readonly scenario: string;
  readonly iteration: number;
  readonly offsetMs: number;
  /** Arrival n of a scenario is due at phaseMs + n x periodMs. */
  readonly phaseMs: number;
  readonly periodMs: number;
  /** End of the load, on the same scale. */
  readonly endMs: number;
}

const IDLE: Turn = { kind: "idle" };

/** takeTurn gives an arrival its arm and pair. Both arms get the same pairs; an arrival without a partner stays idle. */
export function takeTurn(schedule: Schedule, arrival: Arrival): Turn {
  // k6 sometimes fires one more arrival at the very end of the duration: it is not part of the plan.
  if (firstArrival(arrival.offsetMs, arrival) >= firstArrival(arrival.endMs, arrival)) return IDLE;
  if (schedule.kind === "duet") return takeDuetTurn(arrival);
  if (schedule.kind === "slots") return takeSlotTurn(schedule, arrival);
  return { kind: "work", arm: schedule.arm, pair: arrival.iteration };
}

function takeDuetTurn(arrival: Arrival): Turn {
  const pair = Math.floor(arrival.iteration / 2);
  if (pair * 2 + 1 >= firstArrival(arrival.endMs, arrival)) return IDLE;
  const first = hash(arrival.seed, arrival.scenario, pair) % 2;
  return { kind: "work", arm: arrival.iteration % 2 === first ? "baseline" : "candidate", pair };
}

function takeSlotTurn(schedule: Extract<Schedule, { kind: "slots" }>, arrival: Arrival): Turn {
  const { slotMs, guardMs } = schedule;
  const slot = Math.floor((arrival.offsetMs + ROUNDING * arrival.periodMs) / slotMs);
  const span = (index: number): readonly [number, number] => [
    index * slotMs + guardMs,
    Math.min((index + 1) * slotMs, arrival.endMs),
  ];
  const count = (index: number): number => countArrivals(...span(index), arrival);
  const shared = (slotPair: number): number => Math.min(count(slotPair * 2), count(slotPair * 2 + 1));
  const slotPair = Math.floor(slot / 2);
  const place = firstArrival(arrival.offsetMs, arrival) - firstArrival(slot * slotMs + guardMs, arrival);
  if (place < 0 || place >= shared(slotPair)) return IDLE;
  let pair = place;
  for (let earlier = 0; earlier < slotPair; earlier += 1) pair += shared(earlier);
  // A B B A: a steady drift of the machine falls on both arms alike.
  return { kind: "work", arm: slot % 4 === 0 || slot % 4 === 3 ? "baseline" : "candidate", pair };
}

type Rhythm = Pick<Arrival, "phaseMs" | "periodMs">;

/** countArrivals counts the arrivals that are due in [fromMs, untilMs). */
function countArrivals(fromMs: number, untilMs: number, rhythm: Rhythm): number {
  return Math.max(0, firstArrival(untilMs, rhythm) - firstArrival(fromMs, rhythm));
}

/** A period such as 60000 / 7 ms is no whole number: a due time this share of a period before a moment counts as on it. */
const ROUNDING = 1e-6;

/** firstArrival numbers the first due time at or after a moment. */
function firstArrival(momentMs: number, { phaseMs, periodMs }: Rhythm): number {
  return Math.max(0, Math.ceil((momentMs - phaseMs) / periodMs - ROUNDING));
}

/**
 * A start that looks later than this many milliseconds (and than one period) means that arrivals were dropped, since k6 hands
 * a due arrival to a waiting VU at once or not at all.
 */
const LONGEST_START_LAG_MS = 1000;

/**
 * findIntendedOffset is the time at which this iteration was due, in milliseconds since the start of the scenario.
 *
 * k6 numbers iterations as they start, so arrival n is due at n periods as long as none was dropped. After a drop the number
 * runs behind the clock; then the last due time before now is the best there is, and the run is flagged for its drops anyway.
 */
export function findIntendedOffset(options: { iteration: number; elapsedMs: number; periodMs: number }): number {
  const { iteration, elapsedMs, periodMs } = options;
  const byNumber = iteration * periodMs;
  if (elapsedMs - byNumber <= Math.max(periodMs, LONGEST_START_LAG_MS)) return byNumber;
  return Math.floor(elapsedMs / periodMs) * periodMs;
}
