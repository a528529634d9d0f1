import type { Answer } from "../../scenarios/lib/answer.ts";
import { callKw } from "../../scenarios/lib/api.ts";
import type { Request, Step } from "../../scenarios/lib/step.ts";

/** scriptedStep answers each request by the name of its step, the first answer first, and keeps what was asked. */
export function scriptedStep(script: Readonly<Record<string, readonly Partial<Answer>[]>>): { step: Step; asked: Request[] } {
  const asked: Request[] = [];
  const take = <Value>(request: Request, read: (answer: Answer) => Value): Value => {
    const before = asked.filter(({ name }) => name === request.name).length;
    asked.push(request);
    const answer = script[request.name]?.[before];
    if (answer === undefined) throw new Error(`nothing is scripted for ${request.name}`);
    return read({ status: 200, location: "", body: "", ...answer });
  };
  return { step: Object.assign(take, { api: callKw }), asked };
}

/** rpcAnswer is what Odoo answers to a call; without a result, what it answers where a method returns nothing. */
export function rpcAnswer(result?: unknown): Partial<Answer> {
  return { body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...(result === undefined ? {} : { result }) }) };
}
