/**
 * Outcome is how a step or a transaction ended. `application`: Odoo's answer was wrong. `ingress`: the proxy answered. `foreign`:
 * another program answered. `session`: the login was lost. `conflict`: another transaction changed the same records. `script`: an
 * error of the scenario itself.
 */
export type Outcome = "ok" | "application" | "ingress" | "foreign" | "session" | "conflict" | "script";

/** Answer is the part of a response that assertions use. `location` is a path with its query, or empty. */
export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly body: string;
}

/** Failure is the class of a failed answer, with a short text for the log. */
export interface Failure {
  readonly outcome: Exclude<Outcome, "ok">;
  readonly text: string;
}

/** Statuses that Traefik itself answers. Odoo's core never does (503 only on its websocket route). 0 means no answer in k6. */
const INGRESS_STATUS: ReadonlySet<number> = new Set([0, 499, 502, 503, 504]);

/** Odoo's pages name their generator and load their assets from /web/. */
const ODOO_MARK = /\bodoo\b|\/web\//i;

/** The answer of Go's router, and so of Traefik, to a request that matches no rule. */
const NO_ROUTE = "404 page not found";

/** Odoo answers a changed cart or a payment in progress with an ordinary page or JSON error: a correct result of a race. */
const CONFLICT_TEXT =
  /could not serialize access|could not obtain lock|deadlock detected|cart has been updated|Payment is already being processed/i;

const CONFLICT_NAME =
  /(SerializationFailure|LockNotAvailable|DeadlockDetected|TransactionRollbackError|LockError|ConcurrencyError)$/;

/** classifyAnswer finds the failure in an answer by its status and the form of its body; null where there is none. */
export function classifyAnswer(answer: Answer): Failure | null {
  const { status, location, body } = answer;
  if (INGRESS_STATUS.has(status)) return { outcome: "ingress", text: `status ${status}` };
  if (isForeign(answer)) return { outcome: "foreign", text: `status ${status}, and not as Odoo answers: ${cut(body)}` };
  if (status === 400 && /CSRF/i.test(body)) return { outcome: "session", text: "the CSRF token was refused" };
  if (status >= 300 && status < 400 && /^\/web\/login\b/.test(location)) {
    return { outcome: "session", text: "sent to the login page" };
  }
  if (status === 401) return { outcome: "session", text: `status 401: ${cut(body)}` };
  if (status >= 400) {
    return { outcome: isConflict(faultNameOf(body), body) ? "conflict" : "application", text: `status ${status}: ${cut(body)}` };
  }
  return null;
}

/** An API that answers errors by their status puts the name of the exception first into its JSON. */
function faultNameOf(body: string): string {
  return /^\{"name": ?"([\w.]+)"/.exec(body)?.[1] ?? "";
}

function isConflict(name: string, text: string): boolean {
  return CONFLICT_NAME.test(name) || CONFLICT_TEXT.test(text);
}

/** A page without any of Odoo's marks comes from another program. Error pages of Odoo may lack the marks, so they are not checked. */
function isForeign({ status, body }: Answer): boolean {
  if (status === 404) return body.trim() === NO_ROUTE;
  return status >= 200 && status < 300 && body.trimStart().startsWith("<") && !ODOO_MARK.test(body);
}

/** classifyRpc finds the error in the body of a JSON-RPC answer, which has status 200 all the same, or null. */
export function classifyRpc(message: unknown): Failure | null {
  if (!isRecord(message)) return { outcome: "application", text: "the body is no JSON-RPC answer" };
  if (!("error" in message)) return classifyResult(message["result"]);
  const error = isRecord(message["error"]) ? message["error"] : {};
  const data = isRecord(error["data"]) ? error["data"] : {};
  const name = textOf(data["name"]);
  const text = `${name}: ${cut(textOf(data["message"]) || textOf(error["message"]))}`;
  if (error["code"] === 100 || name.endsWith("SessionExpiredException")) return { outcome: "session", text };
  return { outcome: isConflict(name, text) ? "conflict" : "application", text };
}

/**
 * classifyResult finds a failure in the result of a method; null where there is none. Odoo answers the count of an inventory that
 * changed meanwhile with a window to open, and applies nothing.
 */
export function classifyResult(result: unknown): Failure | null {
  if (!isRecord(result) || result["res_model"] !== "stock.inventory.conflict") return null;
  return { outcome: "conflict", text: "the stock changed since it was counted" };
}

/** isRecord narrows parsed JSON to an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** textOf reads a text out of parsed JSON; anything else counts as empty. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function cut(text: string): string {
  return text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
}

/** StepFailure ends a transaction: the step's answer was not what it must be. Anything else thrown is a fault of the script. */
export class StepFailure extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome, message: string) {
    super(message);
    this.name = "StepFailure";
    this.outcome = outcome;
  }
}

/** findOutcome classifies an error that a step or a transaction has thrown. */
export function findOutcome(error: unknown): Outcome {
  return error instanceof StepFailure ? error.outcome : "script";
}

/** refuse ends the step with a failed assertion on an answer that arrived in good order. */
export function refuse(text: string): never {
  throw new StepFailure("application", text);
}

/** readPage asserts an ordinary page that contains the pattern, and returns the text of the page. */
export function readPage(answer: Answer, pattern: RegExp): string {
  if (answer.status !== 200) refuse(`status ${answer.status} (to ${answer.location}) where a page was expected`);
  if (!pattern.test(answer.body)) refuse(`the page lacks ${pattern.source}`);
  return answer.body;
}

/** readRedirect asserts a redirect to a path; the query may be anything. */
export function readRedirect(answer: Answer, path: string): string {
  if (answer.status < 300 || answer.status >= 400) refuse(`status ${answer.status} where a redirect to ${path} was expected`);
  if (answer.location.split("?")[0] !== path) refuse(`redirected to ${answer.location}, not to ${path}`);
  return answer.location;
}

/** findCsrfToken reads the token from the script that is at the head of every website page. */
export function findCsrfToken(page: string): string {
  return /csrf_token:\s*"([0-9a-f]{40}o\d+)"/.exec(page)?.[1] ?? refuse("the page holds no CSRF token");
}

/** findInput reads the value of the first input with that name. */
export function findInput(page: string, name: string): string {
  const tag = new RegExp(`<input\\b[^>]*\\bname="${name}"[^>]*>`).exec(page)?.[0] ?? "";
  return /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? refuse(`the page holds no input ${name}`);
}

/** findData reads the first `data-` attribute with that name. */
export function findData(page: string, name: string): string {
  return new RegExp(`\\bdata-${name}="([^"]*)"`).exec(page)?.[1] ?? refuse(`the page holds no data-${name}`);
}

/** readJson reads an answer whose body is JSON. */
export function readJson(answer: Answer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    return refuse("the body is not JSON");
  }
}

/** pathOf reduces an absolute or relative address to its path and query. */
export function pathOf(address: string): string {
  return address.replace(/^[a-z]+:\/\/[^/]+/i, "");
}
