import type { Arm } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";

/** Observation holds what the readings of one source at one time have in common. */
export interface Observation {
  readonly timeMs: number;
  readonly arm: Arm | null;
  readonly probe: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** observe turns named values into readings. A null value could not be read and makes no reading, not a zero. */
export function observe(observation: Observation, values: Readonly<Record<string, number | null>>): Reading[] {
  const { timeMs, arm, probe, labels = {} } = observation;
  return Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [{ timeMs, arm, probe, name, labels, value }]));
}

/**
 * fromZero adds a first reading of zero for counters that appear during a run. A server does not list a counter before it counts
 * something, so the first value grew from zero since the previous reading. Without that reading, differences would lose the
 * growth.
 */
export function fromZero(): (readings: readonly Reading[]) => readonly Reading[] {
  const known = new Set<string>();
  let lastMs: number | null = null;
  return (readings) => {
    const beforeMs = lastMs;
    const zeros: Reading[] = [];
    for (const reading of readings) {
      const key = JSON.stringify([reading.arm, reading.name, reading.labels]);
      if (!known.has(key) && beforeMs !== null) zeros.push({ ...reading, timeMs: beforeMs, value: 0 });
      known.add(key);
    }
    lastMs = readings.at(-1)?.timeMs ?? lastMs;
    return [...zeros, ...readings];
  };
}

/** Growth sums how much a value rose, from zero at the first reading. A fall (a restart, a dropped part) adds nothing. */
export interface Growth {
  /** Takes the next value and returns the sum so far. */
  next(value: number): number;
}

export function growth(): Growth {
  let last: number | null = null;
  let sum = 0;
  return {
    next(value) {
      sum += Math.max(0, value - (last ?? value));
      last = value;
      return sum;
    },
  };
}

/** sampleAndClose ends a probe with sessions: it takes a last reading and closes the sessions, even where the reading fails. */
export async function sampleAndClose(
  sample: () => Promise<readonly Reading[]>,
  ...sessions: readonly { close(): Promise<void> | void }[]
): Promise<readonly Reading[]> {
  try {
    return await sample();
  } finally {
    await Promise.all(sessions.map(async (session) => session.close()));
  }
}
