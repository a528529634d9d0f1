import type { Client } from "pg";
import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { withInvariantsConnection } from "../connection/database.ts";
import { OdooFault } from "../connection/json-rpc.ts";
import { type OdooAccount, type OdooSession, searchRead } from "../connection/session.ts";

/** The only value of the marker that allows a load. */
const MARKER_VALUE = "allowed";

/**
 * requireMarker refuses a database that did not say that it may be loaded, or did not say so to this user. Only the login before
 * it left a trace there.
 */
export async function requireMarker(session: OdooSession): Promise<void> {
  const call = { model: "ir.config_parameter", method: "get_param", args: [MARKER_KEY] };
  const value = await session.call(call, z.union([z.string(), z.literal(false)])).catch((error: unknown) => {
    if (isDenied(error)) throw notSeen(session.account, error);
    throw error;
  });
  if (value !== MARKER_VALUE) throw notMarked(session.account);
}

/** requireMarkerInDatabase asks the same of the database itself, before any login: a login already writes a line. */
export async function requireMarkerInDatabase(dsn: string, account: OdooAccount): Promise<void> {
  const value = await withInvariantsConnection(dsn, (client) => readMarker(client));
  if (value !== MARKER_VALUE) throw notMarked(account);
}

function notMarked(account: OdooAccount): HarnessError {
  return new HarnessError("usage", `Database ${account.database} at ${account.baseUrl} did not say that it may be loaded`, {
    hint: `If it is a test database, set its system parameter ${MARKER_KEY} to ${MARKER_VALUE}. Never do so in production.`,
  });
}

function notSeen({ database, baseUrl, login }: OdooAccount, cause: unknown): HarnessError {
  return new HarnessError("usage", `Database ${database} at ${baseUrl} did not tell ${login} that it may be loaded`, {
    hint: `If it is a test database, set ${MARKER_KEY} to ${MARKER_VALUE}, and let ${login} read that system parameter or name invariantsDsnEnv.`,
    cause,
  });
}

/** isDenied knows what a session makes of Odoo's refusal to read a model. */
function isDenied(error: unknown): boolean {
  return error instanceof HarnessError && error.cause instanceof OdooFault && error.cause.fault === "odoo.exceptions.AccessError";
}

/** MARKER_KEY is the system parameter by which a database says that it may be loaded. */
export const MARKER_KEY = "peakproof.marker";

/**
 * readMarker asks the database for its marker; null where it has none. The table of system parameters holds secrets too, so the
 * invariants role may have a function in its place that gives the marker alone (`peakproof doctor --print-sql` makes it).
 */
export async function readMarker(client: Client): Promise<string | null> {
  const there = await client.query<{ there: boolean }>(
    "select to_regprocedure('public.peakproof_marker()') is not null as there",
  );
  const { rows } =
    there.rows[0]?.there === true
      ? await client.query<{ value: string | null }>("select public.peakproof_marker() as value")
      : await client.query<{ value: string | null }>("select value from ir_config_parameter where key = $1", [MARKER_KEY]);
  return rows[0]?.value ?? null;
}

const PENDING = ["to install", "to upgrade", "to remove"];

/** requireNoUpgrade refuses a target whose modules wait to be installed, upgraded or removed. */
export async function requireNoUpgrade(session: OdooSession): Promise<void> {
  const shape = z.object({ name: z.string(), state: z.string() });
  const search = { model: "ir.module.module", domain: [["state", "in", PENDING]], fields: ["name", "state"] };
  const pending = await searchRead(session, search, shape);
  if (pending.length === 0) return;
  const { database, baseUrl } = session.account;
  const list = pending.map(({ name, state }) => `${name} (${state})`).join(", ");
  throw new HarnessError("cannot-measure", `Database ${database} at ${baseUrl} is in the middle of an upgrade: ${list}`, {
    hint: "Finish the upgrade first: while modules wait for one, Odoo runs no scheduled work.",
  });
}
