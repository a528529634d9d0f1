import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { callJsonRpc, OdooFault } from "./json-rpc.ts";

const CALL_LIMIT_MS = 30_000;

/** Odoo's message while it blocks logins from an address. The message is in English because no user is logged in. */
const COOLDOWN = /too many login failures/i;

/** Every version returns `user_companies` at the login of an internal user, and of no other user. */
const sessionInfo = z.object({
  uid: z.union([z.number(), z.literal(false), z.null()]),
  user_companies: z.unknown().optional(),
});

/** OdooAccount holds what a login needs. An `ArmEndpoint` is an OdooAccount. */
export interface OdooAccount {
  readonly baseUrl: string;
  readonly database: string;
  readonly login: string;
  readonly password: string;
  /** API key of the same user, for the calls of other systems. peakproof itself logs in with the password. */
  readonly apiKey?: string | null;
}

/** OdooCall is one RPC call of a method of a model. */
interface OdooCall {
  readonly model: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

/** OdooSession is the session of one logged-in user. */
export interface OdooSession {
  readonly account: OdooAccount;
  readonly uid: number;
  /** Calls a method and validates the answer. Throws OdooFault for an error of Odoo and HarnessError for a missing right. */
  call<Value>(call: OdooCall, shape: z.ZodType<Value>): Promise<Value>;
}

/** openOdooSession logs in, on all versions from 14 on. It needs a password: Odoo does not accept an API key for a login. */
export async function openOdooSession(account: OdooAccount, options: { timeoutMs?: number } = {}): Promise<OdooSession> {
  const { timeoutMs = CALL_LIMIT_MS } = options;
  const { baseUrl } = account;
  const { uid, sessionId } = await logIn(account, timeoutMs);
  return {
    account,
    uid,
    async call({ model, method, args, kwargs = {} }, shape) {
      const path = `/web/dataset/call_kw/${model}/${method}`;
      const params = { model, method, args, kwargs };
      const { result } = await callJsonRpc({ baseUrl, path, params, sessionId, timeoutMs }).catch((error: unknown) => {
        throw error instanceof OdooFault ? explainRefusal(account, model, error) : error;
      });
      const parsed = shape.safeParse(result);
      if (parsed.success) return parsed.data;
      throw new HarnessError(
        "cannot-measure",
        `${model}.${method} of ${baseUrl} returned an unexpected answer: ${parsed.error.message}`,
        {
          hint: "Check that the target runs a supported version of Odoo, and that no addon changes the answer of this method.",
        },
      );
    },
  };
}

async function logIn(account: OdooAccount, timeoutMs: number): Promise<{ uid: number; sessionId: string }> {
  const { baseUrl, database: db, login, password } = account;
  const path = "/web/session/authenticate";
  const answer = await callJsonRpc({ baseUrl, path, params: { db, login, password }, timeoutMs }).catch((error: unknown) => {
    throw error instanceof OdooFault ? explainLogIn(account, error) : error;
  });
  const info = sessionInfo.safeParse(answer.result);
  if (info.success && typeof info.data.uid === "number" && answer.sessionId !== null) {
    if (info.data.user_companies === undefined) throw notInternal(account);
    return { uid: info.data.uid, sessionId: answer.sessionId };
  }
  if (info.success && info.data.uid === null) {
    throw new HarnessError("cannot-measure", `User ${login} of ${db} at ${baseUrl} logs in with a second factor`, {
      hint: "Name a user without two-factor authentication. The load must be able to log in with the password alone.",
    });
  }
  throw explainLogIn(account, new OdooFault("odoo.exceptions.AccessDenied", "no user id in the answer"));
}

function notInternal({ login, database, baseUrl }: OdooAccount): HarnessError {
  return new HarnessError("cannot-measure", `User ${login} of ${database} at ${baseUrl} is a portal user, not an internal one`, {
    hint: "Name an internal user: portal users see only their own orders and no stock. docs/connect-your-odoo.md lists the rights that the user needs.",
  });
}

function explainLogIn(account: OdooAccount, fault: OdooFault): HarnessError {
  const { baseUrl, database, login } = account;
  if (fault.fault === "odoo.exceptions.AccessDenied" && COOLDOWN.test(fault.message)) {
    return new HarnessError(
      "cannot-measure",
      `Odoo at ${baseUrl} blocks logins from this address for now: too many logins have failed`,
      {
        hint:
          "Wait a minute (the system parameter base.login_cooldown_duration sets the time), then check the login and the password. " +
          "Each worker counts failed logins separately. Without proxy_mode, all callers behind an ingress count as one address.",
        cause: fault,
      },
    );
  }
  if (fault.fault === "odoo.exceptions.AccessDenied") {
    return new HarnessError("cannot-measure", `Odoo refuses login ${login} for database ${database} at ${baseUrl}`, {
      hint: "Check the login and the password. After several failed logins, Odoo refuses the correct password too for a minute.",
      cause: fault,
    });
  }
  const message = fault.message.trim().split("\n")[0] ?? fault.fault;
  return new HarnessError("cannot-measure", `Login to database ${database} at ${baseUrl} failed: ${fault.fault}: ${message}`, {
    hint: "Check that the database exists and that Odoo can reach it. The log of Odoo has the details.",
    cause: fault,
  });
}

/** explainRefusal turns a missing right into an error with a hint. It returns every other fault unchanged. */
function explainRefusal(account: OdooAccount, model: string, fault: OdooFault): Error {
  if (fault.fault !== "odoo.exceptions.AccessError") return fault;
  const { login, database } = account;
  return new HarnessError("cannot-measure", `User ${login} of ${database} may not use ${model}`, {
    hint: `Give ${login} the rights for ${model}; an administrator of a test database has all rights.`,
    cause: fault,
  });
}

/** SearchRead is one search: `domain` in Odoo's prefix notation, and the fields to read. */
export interface SearchRead {
  readonly model: string;
  readonly domain: readonly unknown[];
  readonly fields: readonly string[];
  readonly order?: string;
  readonly limit?: number;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** searchRead reads the records that match a domain, in a fixed order. The default order is by id. */
export function searchRead<Value>(session: OdooSession, search: SearchRead, shape: z.ZodType<Value>): Promise<Value[]> {
  const { model, domain, fields, order = "id", limit, context = {} } = search;
  const kwargs = { domain, fields, order, context, ...(limit === undefined ? {} : { limit }) };
  return session.call({ model, method: "search_read", args: [], kwargs }, z.array(shape));
}

/** searchIds returns the ids of the records that match a domain, in a fixed order. The default order is by id. */
export async function searchIds(session: OdooSession, search: Omit<SearchRead, "fields">): Promise<readonly number[]> {
  const found = await searchRead(session, { ...search, fields: ["id"] }, z.object({ id: z.number() }));
  return found.map(({ id }) => id);
}

/** textOrFalse is the value of a text field: the text, or false if the field is empty. */
export const textOrFalse = z.union([z.string(), z.literal(false)]);

/** manyToOne is the value of a many-to-one field: `[id, name]`, or false if the field is empty. */
export const manyToOne = z.union([z.tuple([z.number(), z.string()]), z.literal(false)]);

export type ManyToOne = z.infer<typeof manyToOne>;

/** idOf returns the id of a many-to-one value, or null if the field is empty. */
export function idOf(value: ManyToOne): number | null {
  return value === false ? null : value[0];
}
