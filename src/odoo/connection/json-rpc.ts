import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";

/** JsonRpcRequest is one call; `sessionId` is the session cookie of a logged-in user. */
export interface JsonRpcRequest {
  readonly baseUrl: string;
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly sessionId?: string;
  readonly timeoutMs: number;
}

/** JsonRpcAnswer is the result of a call, and the session cookie that the answer sets. */
export interface JsonRpcAnswer {
  /** Undefined if the method returned None: the answer then has no `result`. */
  readonly result: unknown;
  readonly sessionId: string | null;
}

const envelope = z.object({
  jsonrpc: z.literal("2.0"),
  result: z.unknown().optional(),
  error: z
    .object({ message: z.string(), data: z.object({ name: z.string(), message: z.string() }).partial().optional() })
    .optional(),
});

/** OdooFault is an error that Odoo answered inside an HTTP 200. */
export class OdooFault extends Error {
  /** The Python class of the error, such as `odoo.exceptions.AccessError` or `psycopg2.OperationalError`. */
  readonly fault: string;

  constructor(fault: string, message: string) {
    super(message);
    this.name = "OdooFault";
    this.fault = fault;
  }
}

/** callJsonRpc posts one call. Odoo answers its own errors with status 200, so only the body shows whether the call failed. */
export async function callJsonRpc(request: JsonRpcRequest): Promise<JsonRpcAnswer> {
  const { baseUrl, path, params, sessionId, timeoutMs } = request;
  const response = await post(`${baseUrl}${path}`, {
    body: JSON.stringify({ jsonrpc: "2.0", method: "call", id: 1, params }),
    cookie: sessionId === undefined ? null : `session_id=${sessionId}`,
    timeoutMs,
  });
  const parsed = envelope.safeParse(parseJson(response.text));
  if (!parsed.success) {
    throw new HarnessError("cannot-measure", `${baseUrl}${path} answered ${response.status}, but the answer is not from Odoo`, {
      hint: "Check that the URL leads to Odoo (through the ingress, without a path) and that the ingress routes it.",
    });
  }
  const { error, result } = parsed.data;
  if (error !== undefined) throw new OdooFault(error.data?.name ?? error.message, error.data?.message ?? error.message);
  return { result, sessionId: response.sessionId };
}

async function post(
  url: string,
  options: { body: string; cookie: string | null; timeoutMs: number },
): Promise<{ status: number; text: string; sessionId: string | null }> {
  const { body, cookie, timeoutMs } = options;
  const headers = { "content-type": "application/json", ...(cookie === null ? {} : { cookie }) };
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const cookies = response.headers.getSetCookie().map((line) => /^session_id=([^;]+)/.exec(line)?.[1]);
    return { status: response.status, text: await response.text(), sessionId: cookies.find((id) => id !== undefined) ?? null };
  } catch (error) {
    throw new HarnessError("cannot-measure", `Odoo does not answer at ${url} (${causeOf(error)})`, {
      hint: "Start the target, or correct its base URL. For the lab: peakproof lab up",
      cause: error,
    });
  }
}

/** causeOf returns the message of the underlying error. The message of fetch itself is always "fetch failed". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
