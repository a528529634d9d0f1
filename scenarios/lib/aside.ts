import http from "k6/http";
import { callKw } from "./api.ts";
import type { Call } from "./api.ts";
import { classifyAnswer } from "./classify.ts";
import type { Arm, ArmTarget } from "./plan.ts";

/** A till with thousands of orders takes longer to close than k6 waits by itself; teardown has 90 s in all. */
const TIMEOUT = "85s";

/** Office is an API session of one arm as it is used outside of transactions. */
export interface Office {
  readonly arm: Arm;
  readonly target: ArmTarget;
  readonly session: string;
}

/** callAside makes a call before or after the load, as set-up and tear-down do. It belongs to no scenario and is not measured. */
export function callAside<Value>({ arm, target, session }: Office, call: Call, read: (result: unknown) => Value): Value {
  const { model, method } = call;
  const { path, json } = callKw.write(call);
  const response = http.post(target.baseUrl + path, JSON.stringify(json), {
    jar: new http.CookieJar(),
    cookies: { session_id: session },
    redirects: 0,
    timeout: TIMEOUT,
    headers: { "Content-Type": "application/json" },
    tags: { name: `aside/${method}`, arm },
  });
  const answer = { status: response.status, location: "", body: typeof response.body === "string" ? response.body : "" };
  const failure = classifyAnswer(answer);
  if (failure !== null) throw new Error(`${model}.${method} (${arm}): ${failure.text}`);
  try {
    return read(callKw.read(answer, call));
  } catch (cause) {
    throw new Error(`${model}.${method} (${arm}): ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
