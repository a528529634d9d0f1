import type { Reading } from "../domain/reading.ts";

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
