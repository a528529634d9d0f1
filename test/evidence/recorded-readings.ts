import type { Arm } from "../../src/domain/arm.ts";
import type { Reading } from "../../src/domain/reading.ts";
import { DUET_LOAD_MS, DUET_START_MS } from "./recorded-bundle.ts";

/** everySecond makes one reading a second, from one second before the load to one after it; `second` 0 is the start of the load. */
export function everySecond(
  name: string,
  value: (second: number) => number | null,
  own: { arm?: Arm | null; probe?: string; labels?: Readonly<Record<string, string>> } = {},
): Reading[] {
  const { arm = null, probe = "postgres", labels = {} } = own;
  return Array.from({ length: DUET_LOAD_MS / 1000 + 3 }, (_, index) => index - 1).flatMap((second) => {
    const found = value(second);
    return found === null ? [] : [{ timeMs: DUET_START_MS + 1000 * second, arm, probe, name, labels, value: found }];
  });
}

/** from is a figure that rises by `by` in the second before `at`, and stays there. */
export function from(at: number, by = 1): (second: number) => number {
  return (second) => (second >= at ? by : 0);
}

/** during is one while seconds `first` to `last` last, and no reading otherwise, as of work that is told only while it runs. */
export function during(first: number, last: number): (second: number) => number | null {
  return (second) => (second >= first && second <= last ? 1 : null);
}
