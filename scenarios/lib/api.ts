import { type Answer, classifyResult, classifyRpc, isRecord, readJson, StepFailure } from "./answer.ts";

/**
 * Call is one method call on an Odoo model. Model and method are part of the path, so Odoo's access log distinguishes calls.
 *
 * A call must not depend on a context in `kwargs`: Odoo 14 takes it out at the first try, so that it is missing when Odoo repeats
 * the call after a conflict in the database.
 */
export interface Call {
  readonly model: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Last word of the path, which distinguishes a step from another one that calls the same method. Odoo ignores it. */
  readonly mark?: string;
}

/** Api is a protocol for method calls by HTTP. */
export interface Api {
  write(call: Call): { readonly path: string; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> };
  /** Reads what the method gave back; throws a StepFailure where the answer is an error. */
  read(answer: Answer, call: Call): unknown;
}

/** callKw is the protocol of the web client, in a session: JSON-RPC, which answers errors with status 200. Every version has it. */
export const callKw: Api = {
  write({ model, method, args, kwargs, mark }) {
    const path = `/web/dataset/call_kw/${model}/${method}${mark === undefined ? "" : `/${mark}`}`;
    return { path, json: wrapRpc({ model, method, args, kwargs: kwargs ?? {} }) };
  },
  read: readRpc,
};

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

/** Names of the arguments in their order; JSON-2 takes them by name only, and the records of any other method as `ids`. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  search: ["domain"],
  search_read: ["domain", "fields"],
  read: ["ids", "fields"],
  write: ["ids", "vals"],
  create: ["vals_list"],
};

/**
 * json2 is the variant `key` of the capability `api`: Odoo's JSON-2 API. It has no session, checks the key with each call, and answers
 * with the bare value, or with the status and name of an error.
 */
export function json2({ key, database }: { key: string; database: string }): Api {
  const headers = { Authorization: `bearer ${key}`, "X-Odoo-Database": database };
  return {
    write({ model, method, args, kwargs }) {
      const names = ARGUMENTS[method] ?? ["ids"];
      const named = Object.fromEntries(args.map((value, index) => [names[index] ?? `argument ${index + 1}`, value]));
      return { path: `/json/2/${model}/${method}`, json: { ...named, ...kwargs }, headers };
    },
    read(answer, { method }) {
      const result = readJson(answer);
      const failure = classifyResult(result);
      if (failure !== null) throw new StepFailure(failure.outcome, failure.text);
      // Records are answered by their ids; the scenarios create one at a time.
      return method === "create" && Array.isArray(result) && result.length === 1 ? result[0] : result;
    },
  };
}
