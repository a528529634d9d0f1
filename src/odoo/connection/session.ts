import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { callJsonRpc, OdooFault } from "./json-rpc.ts";

/** OdooAccount is what it takes to log in; an `ArmEndpoint` is one. */
export interface OdooAccount {
  readonly baseUrl: string;
  readonly database: string;
  readonly login: string;
  readonly password: string;
  /** Of the same user, for other systems; the harness itself logs in. */
  readonly apiKey?: string | null;
}

/** OdooCall is one call of a model's method by RPC. */
interface OdooCall {
  readonly model: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

/** OdooSession is one logged-in user. */
export interface OdooSession {
  readonly account: OdooAccount;
  readonly uid: number;
  /** Calls and checks the answer's shape. Throws OdooFault for an error of Odoo's, and HarnessError for a missing right. */
  call<Value>(call: OdooCall, shape: z.ZodType<Value>): Promise<Value>;
}

const CALL_LIMIT_MS = 30_000;

/** openOdooSession logs in. It works on all versions from 14 on, and needs a password, since an API key cannot log in. */
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
        `${model}.${method} of ${baseUrl} gave an unexpected answer: ${parsed.error.message}`,
        {
          hint: "Check that the target runs a supported version of Odoo, and that no addon changes what this method answers.",
        },
      );
    },
  };
}

/** Every version tells the companies of employees at login, and of nobody else. */
const sessionInfo = z.object({
  uid: z.union([z.number(), z.literal(false), z.null()]),
  user_companies: z.unknown().optional(),
});

async function logIn(account: OdooAccount, timeoutMs: number): Promise<{ uid: number; sessionId: string }> {
  const { baseUrl, database: db, login, password } = account;
  const path = "/web/session/authenticate";
  const answer = await callJsonRpc({ baseUrl, path, params: { db, login, password }, timeoutMs }).catch((error: unknown) => {
    throw error instanceof OdooFault ? explainLogIn(account, error) : error;
  });
  const info = sessionInfo.safeParse(answer.result);
  if (info.success && typeof info.data.uid === "number" && answer.sessionId !== null) {
    if (info.data.user_companies === undefined) throw isNoEmployee(account);
    return { uid: info.data.uid, sessionId: answer.sessionId };
  }
  if (info.success && info.data.uid === null) {
    throw new HarnessError("cannot-measure", `User ${login} of ${db} at ${baseUrl} logs in with a second factor`, {
      hint: "Name a user without two-factor authentication; the load needs one that can log in by password alone.",
    });
  }
  throw explainLogIn(account, new OdooFault("odoo.exceptions.AccessDenied", "no user id in the answer"));
}

function isNoEmployee({ login, database, baseUrl }: OdooAccount): HarnessError {
  return new HarnessError("cannot-measure", `User ${login} of ${database} at ${baseUrl} is a portal user, not an internal one`, {
    hint: "Name an internal user: portal users see their own orders only, and reach no stock. docs/connect-your-odoo.md lists its rights.",
  });
}

/** What Odoo says while it takes no logins from an address; in English, since nobody is logged in. */
const COOLDOWN = /too many login failures/i;

function explainLogIn(account: OdooAccount, fault: OdooFault): HarnessError {
  const { baseUrl, database, login } = account;
  if (fault.fault === "odoo.exceptions.AccessDenied" && COOLDOWN.test(fault.message)) {
    return new HarnessError("cannot-measure", `Odoo at ${baseUrl} takes no logins from here for now: too many have failed`, {
      hint:
        "Wait a minute (the system parameter base.login_cooldown_duration says how long), then check login and password before the next try. " +
        "Each worker counts by itself, and behind an ingress without proxy_mode all callers are one.",
      cause: fault,
    });
  }
  if (fault.fault === "odoo.exceptions.AccessDenied") {
    return new HarnessError("cannot-measure", `Odoo refuses login ${login} for database ${database} at ${baseUrl}`, {
      hint: "Check the login and its password. After several wrong ones Odoo refuses even the right one for a minute.",
      cause: fault,
    });
  }
  const message = fault.message.trim().split("\n")[0] ?? fault.fault;
  return new HarnessError("cannot-measure", `Login to database ${database} at ${baseUrl} failed: ${fault.fault}: ${message}`, {
    hint: "Check that the database exists and that Odoo can reach it (its log says more).",
    cause: fault,
  });
}

/** explainRefusal turns a missing right into advice; every other fault stays what it is. */
function explainRefusal(account: OdooAccount, model: string, fault: OdooFault): Error {
  if (fault.fault !== "odoo.exceptions.AccessError") return fault;
  const { login, database } = account;
  return new HarnessError("cannot-measure", `User ${login} of ${database} may not use ${model}`, {
    hint: `Give ${login} the rights for ${model}; an administrator of a test database has them all.`,
    cause: fault,
  });
}

export interface SearchRead {
  readonly model: string;
  readonly domain: readonly unknown[];
  readonly fields: readonly string[];
  readonly order?: string;
  readonly limit?: number;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** searchRead reads the records that match a domain, in a fixed order: by id where none is given. */
export function searchRead<Value>(session: OdooSession, search: SearchRead, shape: z.ZodType<Value>): Promise<Value[]> {
  const { model, domain, fields, order = "id", limit, context = {} } = search;
  const kwargs = { domain, fields, order, context, ...(limit === undefined ? {} : { limit }) };
  return session.call({ model, method: "search_read", args: [], kwargs }, z.array(shape));
}

/** A many-to-one field is read as `[id, name]`, and as false where it is empty. */
export const manyToOne = z.union([z.tuple([z.number(), z.string()]), z.literal(false)]);

export function idOf(value: z.infer<typeof manyToOne>): number | null {
  return value === false ? null : value[0];
}
