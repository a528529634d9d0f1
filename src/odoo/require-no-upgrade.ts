import { z } from "zod";
import { HarnessError } from "../domain/error.ts";
import type { OdooSession } from "./odoo-session.ts";
import { searchRead } from "./search-read.ts";

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
