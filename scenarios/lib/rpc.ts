import { isRecord, refuse } from "./answer.ts";
import type { Call } from "./api.ts";
import type { Step } from "./step.ts";

/** callOdoo makes the call as the named step and reads its result. */
export function callOdoo<Value>(step: Step, { name, ...call }: Call & { name: string }, read: (result: unknown) => Value): Value {
  return step({ name, ...step.api.write(call) }, (answer) => read(step.api.read(answer, call)));
}

/** readId asserts a single record id. */
export function readId(result: unknown): number {
  return typeof result === "number" && result > 0 ? result : refuse(`expected an id, got ${JSON.stringify(result)}`);
}

/** readIds asserts a list of record ids. */
export function readIds(result: unknown): number[] {
  return Array.isArray(result) ? result.map(readId) : refuse(`expected ids, got ${JSON.stringify(result)}`);
}

/** readRecords asserts a list of `count` records. */
export function readRecords(result: unknown, count: number): Readonly<Record<string, unknown>>[] {
  const records = Array.isArray(result) ? result.filter(isRecord) : [];
  return records.length === count ? records : refuse(`expected ${count} records, got ${records.length}`);
}

/** readTrue asserts that an action ended. A dictionary instead would be a window with a question to the user. */
export function readTrue(result: unknown): true {
  return result === true ? true : refuse(`expected true, got ${JSON.stringify(result)?.slice(0, 120)}`);
}
