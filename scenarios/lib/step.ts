import http, { type Params, type RefinedResponse, type ResponseType } from "k6/http";
import { Trend } from "k6/metrics";

import { type Answer, classifyAnswer, findOutcome, type Outcome, pathOf, StepFailure } from "./answer.ts";
import { type Api, callKw } from "./api.ts";

/** Longer than Odoo's own limit of real time for a request (120 s by default), so that Odoo's answer is seen. */
const TIMEOUT = "130s";

/** Request is one HTTP request; a `form` or `json` body makes it a POST. */
export interface Request {
  /** Step name, such as `checkout/cart`. It is the name of the request in every metric. */
  readonly name: string;
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type TakeStep = <Value>(request: Request, read: (answer: Answer) => Value) => Value;

/** Step sends a request and reads the answer with `read`, which throws a StepFailure for a wrong answer. Both outcomes are measured. */
export interface Step extends TakeStep {
  /** The protocol of method calls. */
  readonly api: Api;
}

/** createStep makes the step function of one transaction. `lagMs`, the late start, is added to its first step. */
export function createStep(options: { baseUrl: string; lagMs: number }): Step {
  let pendingLagMs = options.lagMs;
  const take: TakeStep = (request, read) => {
    const response = send(options.baseUrl, request);
    // k6 counts connecting and the TLS handshake within `blocked`, and none of the three within `duration`.
    const elapsedMs = response.timings.blocked + response.timings.duration + pendingLagMs;
    pendingLagMs = 0;
    let outcome: Outcome = "ok";
    try {
      const answer = toAnswer(response);
      const failure = classifyAnswer(answer);
      if (failure !== null) throw new StepFailure(failure.outcome, failure.text);
      return read(answer);
    } catch (error) {
      outcome = findOutcome(error);
      throw new StepFailure(outcome, `${request.name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      stepTime.add(elapsedMs, { name: request.name, outcome });
    }
  };
  return speak(take, callKw);
}

/** speak returns a step function that makes its calls by another API. */
export function speak(step: TakeStep, api: Api): Step {
  return Object.assign<TakeStep, { api: Api }>((request, read) => step(request, read), { api });
}

function send(baseUrl: string, request: Request): RefinedResponse<ResponseType | undefined> {
  // k6 does not follow redirects: each hop is a separate step, timed and asserted.
  const params: Params = { redirects: 0, timeout: TIMEOUT, tags: { name: request.name } };
  const url = baseUrl + request.path;
  if (request.json !== undefined) {
    const headers = { "Content-Type": "application/json", ...request.headers };
    return http.post(url, JSON.stringify(request.json), { ...params, headers });
  }
  return request.form === undefined ? http.get(url, params) : http.post(url, { ...request.form }, params);
}

function toAnswer(response: RefinedResponse<ResponseType | undefined>): Answer {
  return {
    status: response.status,
    location: pathOf(response.headers["Location"] ?? ""),
    body: typeof response.body === "string" ? response.body : "",
  };
}

/** Time of one step in ms: waiting for a connection, the request, and for the first step the late start. Tags: name, outcome. */
const stepTime = new Trend("peakproof_step", true);

/** Time of one transaction in ms, from the moment it was due to its end, failed ones too. Tag: outcome. */
export const transactionTime = new Trend("peakproof_transaction", true);

/** How late k6 began an iteration, in ms. */
export const startLag = new Trend("peakproof_start_lag", true);

/**
 * How old a stock figure was when the shop showed it, or a till's order when Odoo had it, in ms: from the moment it was due. Only of
 * what arrived.
 */
export const freshness = new Trend("peakproof_freshness", true);
