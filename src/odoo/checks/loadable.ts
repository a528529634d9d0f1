import type { Client } from "pg";
import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { withInvariantsConnection } from "../connection/database.ts";
import { OdooFault } from "../connection/json-rpc.ts";
import { type OdooAccount, type OdooSession, searchRead } from "../connection/session.ts";

/** MARKER_KEY is the system parameter with which a database allows load tests. */
const MARKER_KEY = "peakproof.marker";

/** The only value of the marker that allows a load. */
const MARKER_VALUE = "allowed";

/** Module states of a pending upgrade. */
const PENDING = ["to install", "to upgrade", "to remove"];

/**
 * requireMarker refuses a database that does not allow load tests, or whose marker this user may not read. The login is the only
 * write before this check.
 */
export async function requireMarker(session: OdooSession): Promise<void> {
  const call = { model: "ir.config_parameter", method: "get_param", args: [MARKER_KEY] };
  const value = await session.call(call, z.union([z.string(), z.literal(false)])).catch((error: unknown) => {
    if (isDenied(error)) throw notReadable(session.account, error);
    throw error;
  });
  if (value !== MARKER_VALUE) throw notMarked(session.account);
}

/** requireMarkerInDatabase checks the marker by SQL before any login: a login already writes to the database. */
export async function requireMarkerInDatabase(dsn: string, account: OdooAccount): Promise<void> {
  const value = await withInvariantsConnection(dsn, (client) => readMarker(client));
  if (value !== MARKER_VALUE) throw notMarked(account);
}

/**
 * readMarker reads the marker by SQL; null if there is none. The table of system parameters also holds secrets. The invariants
 * role may therefore have a function instead that returns only the marker (`peakproof doctor --print-sql` creates the function).
 */
export async function readMarker(client: Client): Promise<string | null> {
  const found = await client.query<{ present: boolean }>(
    "select to_regprocedure('public.peakproof_marker()') is not null as present",
  );
  const { rows } =
    found.rows[0]?.present === true
      ? await client.query<{ value: string | null }>("select public.peakproof_marker() as value")
      : await client.query<{ value: string | null }>("select value from ir_config_parameter where key = $1", [MARKER_KEY]);
  return rows[0]?.value ?? null;
}

function notMarked(account: OdooAccount): HarnessError {
  return new HarnessError("usage", `Database ${account.database} at ${account.baseUrl} does not allow load tests`, {
    hint: `If it is a test database, set its system parameter ${MARKER_KEY} to ${MARKER_VALUE}. Never set it in production.`,
  });
}

function notReadable({ database, baseUrl, login }: OdooAccount, cause: unknown): HarnessError {
  return new HarnessError("usage", `Database ${database} at ${baseUrl} does not let ${login} read whether it allows load tests`, {
    hint: `If it is a test database, set ${MARKER_KEY} to ${MARKER_VALUE}, and let ${login} read that system parameter or name invariantsDsnEnv.`,
    cause,
  });
}

/** isDenied says whether an error of a session means that the user may not read a model. */
export function isDenied(error: unknown): boolean {
  return error instanceof HarnessError && error.cause instanceof OdooFault && error.cause.fault === "odoo.exceptions.AccessError";
}

/** requireNoUpgrade refuses a target with modules that wait to be installed, upgraded or removed. */
export async function requireNoUpgrade(session: OdooSession): Promise<void> {
  const moduleShape = z.object({ name: z.string(), state: z.string() });
  const search = { model: "ir.module.module", domain: [["state", "in", PENDING]], fields: ["name", "state"] };
  const pending = await searchRead(session, search, moduleShape);
  if (pending.length === 0) return;
  const { database, baseUrl } = session.account;
  const list = pending.map(({ name, state }) => `${name} (${state})`).join(", ");
  throw new HarnessError("cannot-measure", `Database ${database} at ${baseUrl} is in the middle of an upgrade: ${list}`, {
    hint: "Finish the upgrade first: Odoo runs no scheduled jobs while modules wait for an upgrade.",
  });
}
