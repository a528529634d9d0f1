import { z } from "zod";
import { HarnessError } from "../domain/error.ts";
import { withInvariantsConnection } from "./invariants/invariants-connection.ts";
import { OdooFault } from "./odoo-fault.ts";
import type { OdooAccount, OdooSession } from "./odoo-session.ts";
import { MARKER_KEY, readMarker } from "./read-marker.ts";

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
