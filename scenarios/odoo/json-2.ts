import type { Api } from "../lib/api.ts";
import { classifyResult } from "../lib/classify.ts";
import { readJson } from "../lib/page.ts";
import { StepFailure } from "../lib/step-failure.ts";

/** Names of the arguments in their order; JSON-2 takes them by name only, and the records of any other method as `ids`. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  search: ["domain"],
  search_read: ["domain", "fields"],
  read: ["ids", "fields"],
  write: ["ids", "vals"],
  create: ["vals_list"],
};

/**
 * json2 is the way `key` of the capability `api`: Odoo's JSON-2 API, for which each call stands alone. It has no session, checks the
 * key each time, and answers with the bare value, or with an error's status and name.
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
