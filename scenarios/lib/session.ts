import http from "k6/http";

import { classifyAnswer } from "./answer.ts";
import { type Call, callKw, readRpc, wrapRpc } from "./api.ts";
import type { Arm } from "../../src/domain/arm.ts";
import type { ArmTarget, Plan } from "../../src/domain/load/plan.ts";

/** ARMS are the arms, in the order in which set-up opens them. */
export const ARMS: readonly Arm[] = ["baseline", "candidate"];

/** Sessions holds the id of one logged-in API session for each arm of the plan. */
export type Sessions = Partial<Readonly<Record<Arm, string>>>;

/** User is the account of the sessions. */
export interface User {
  readonly login: string;
  readonly password: string;
}

/** openSessions logs in once per arm. Hashing a password costs Odoo more than most requests, so logins are not part of the load. */
export function openSessions(plan: Plan, user: User): Sessions {
  const sessions: Partial<Record<Arm, string>> = {};
  for (const arm of ARMS) {
    const target = plan.arms[arm];
    if (target !== undefined) sessions[arm] = logIn(arm, target, user);
  }
  return sessions;
}

/**
 * renewSession logs in again after the server lost a session. Where the login fails, it writes a warning and keeps the lost session:
 * the next transaction of this arm fails and tries again.
 */
export function renewSession(lost: { arm: Arm; target: ArmTarget; session: string }, user: User): string {
  try {
    return logIn(lost.arm, lost.target, user);
  } catch (error) {
    console.warn(JSON.stringify({ failure: "session", text: error instanceof Error ? error.message : String(error) }));
    return lost.session;
  }
}

/** renewSessions renews the session of each arm. */
export function renewSessions(plan: Plan, sessions: Sessions, user: User): Sessions {
  const fresh: Partial<Record<Arm, string>> = {};
  for (const arm of ARMS) {
    const [target, session] = [plan.arms[arm], sessions[arm]];
    if (target !== undefined && session !== undefined) fresh[arm] = renewSession({ arm, target, session }, user);
  }
  return fresh;
}

function logIn(arm: Arm, target: ArmTarget, user: User): string {
  // A separate jar: cookies distinguish hosts but not ports, so the arms of a lab would share one.
  const response = http.post(
    `${target.baseUrl}/web/session/authenticate`,
    JSON.stringify(wrapRpc({ db: target.database, ...user })),
    {
      jar: new http.CookieJar(),
      redirects: 0,
      headers: { "Content-Type": "application/json" },
      tags: { name: "session/login", arm },
    },
  );
  const answer = { status: response.status, location: "", body: typeof response.body === "string" ? response.body : "" };
  const failure = classifyAnswer(answer);
  if (failure !== null) throw new Error(`login to the ${arm} failed (${failure.outcome}): ${failure.text}`);
  readRpc(answer);
  const session = response.cookies["session_id"]?.[0]?.value;
  if (session === undefined) throw new Error(`login to the ${arm} gave no session cookie`);
  return session;
}

/** useSession puts the session into the cookie jar of this iteration, which k6 empties afterwards. */
export function useSession(target: ArmTarget, session: string): void {
  http.cookieJar().set(target.baseUrl, "session_id", session);
}

/** A till with thousands of orders takes longer to close than k6 waits by itself; teardown has 90 s in all. */
const TIMEOUT = "85s";

/** Office is an API session of one arm for calls outside of transactions. */
export interface Office {
  readonly arm: Arm;
  readonly target: ArmTarget;
  readonly session: string;
}

/** callAside makes a call of set-up or teardown. The call belongs to no scenario and is not measured. */
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
