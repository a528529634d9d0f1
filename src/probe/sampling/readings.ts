import type { Arm } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";

/** Observation is what the readings of one look at one part have in common. */
export interface Observation {
  readonly timeMs: number;
  readonly arm: Arm | null;
  readonly probe: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** observe turns named values into readings. A null value was not there to be read and makes no reading: never a zero. */
export function observe(observation: Observation, values: Readonly<Record<string, number | null>>): Reading[] {
  const { timeMs, arm, probe, labels = {} } = observation;
  return Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [{ timeMs, arm, probe, name, labels, value }]));
}

/**
 * fromZero gives counters that appear in the middle of a run their beginning: a server that has not counted a thing yet does not
 * tell it, so the first figure of a later look grew from zero since the look before. Without that, differences would lose it.
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

/** Growth adds up how much a figure rose, from zero at the first look; a fall (a restart, a forgotten part) adds nothing. */
export interface Growth {
  /** Looks at the figure and gives the sum so far. */
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

/** sampleAndClose is the end of a probe that holds sessions: it looks once more, and closes them even where that fails. */
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
