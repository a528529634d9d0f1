import { classifyRpc, isRecord } from "./classify.ts";
import type { Answer } from "./classify.ts";
import { readJson } from "./page.ts";
import { refuse, StepFailure } from "./step-failure.ts";
import type { Step } from "./step.ts";

/**
 * Call is one method call on an Odoo model. Model and method are part of the path, so Odoo's access log tells calls apart.
 *
 * A call must not depend on a context in `kwargs`: Odoo 14 takes it out at the first try, so that it is missing when Odoo repeats
 * the call after a conflict in the database.
 */
export interface Call {
  readonly name: string;
  readonly model: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Last word of the path, where a step must be told from another one that calls the same method; Odoo does not read it. */
  readonly mark?: string;
}

/** callOdoo makes the call and reads its result; an error in the body fails the step although the status is 200. */
export function callOdoo<Value>(step: Step, call: Call, read: (result: unknown) => Value): Value {
  const { name, model, method, args, kwargs, mark } = call;
  const params = { model, method, args, kwargs: kwargs ?? {} };
  const path = `/web/dataset/call_kw/${model}/${method}${mark === undefined ? "" : `/${mark}`}`;
  return step({ name, path, json: wrapRpc(params) }, (answer) => read(readRpc(answer)));
}

/** wrapRpc makes the envelope of a JSON-RPC request. */
export function wrapRpc(params: unknown): unknown {
  return { jsonrpc: "2.0", method: "call", id: 1, params };
}

/** readRpc unwraps a JSON-RPC answer. Odoo leaves `result` out where a method returns nothing, which is a success. */
export function readRpc(answer: Answer): unknown {
  const message = readJson(answer);
  const failure = classifyRpc(message);
  if (failure !== null) throw new StepFailure(failure.outcome, failure.text);
  return isRecord(message) ? message["result"] : undefined;
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

/** readTrue asserts that an action ended: a dictionary instead would be a window that asks the user something. */
export function readTrue(result: unknown): true {
  return result === true ? true : refuse(`expected true, got ${JSON.stringify(result)?.slice(0, 120)}`);
}
