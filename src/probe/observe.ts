import type { Arm } from "../domain/arm.ts";
import type { Reading } from "../domain/reading.ts";

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
