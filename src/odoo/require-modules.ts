import { z } from "zod";
import { HarnessError } from "../domain/error.ts";
import type { ScenarioName } from "../domain/plan.ts";
import type { OdooSession } from "./odoo-session.ts";
import { searchRead } from "./search-read.ts";

/** MODULES_OF are the modules that each scenario cannot do without (Odoo 14). */
const MODULES_OF: Readonly<Record<ScenarioName, readonly string[]>> = {
  checkout: ["website_sale", "website_sale_stock", "payment_test"],
  "stock-sync": ["stock"],
  "order-import": ["sale_management", "sale_stock"],
  "picking-wave": ["stock_picking_batch"],
};

/** requireModules refuses a target that lacks a module of a scenario, or has one half installed. */
export async function requireModules(session: OdooSession, scenarios: readonly ScenarioName[]): Promise<void> {
  const names = [...new Set(scenarios.flatMap((scenario) => MODULES_OF[scenario]))];
  const shape = z.object({ name: z.string(), state: z.string() });
  const search = { model: "ir.module.module", fields: ["name", "state"] };
  const needed = await searchRead(session, { ...search, domain: [["name", "in", names]] }, shape);
  const missing = names.filter((name) => needed.find((module) => module.name === name)?.state !== "installed");
  const { database, baseUrl } = session.account;
  if (missing.length > 0) {
    throw new HarnessError("cannot-measure", `Database ${database} at ${baseUrl} lacks: ${missing.join(", ")}`, {
      hint: `Install ${missing.join(", ")} in ${database} (Apps), or leave out the scenarios that need it.`,
    });
  }
  const pending = await searchRead(
    session,
    { ...search, domain: [["state", "in", ["to install", "to upgrade", "to remove"]]] },
    shape,
  );
  if (pending.length === 0) return;
  const list = pending.map(({ name, state }) => `${name} (${state})`).join(", ");
  throw new HarnessError("cannot-measure", `Database ${database} at ${baseUrl} is in the middle of an upgrade: ${list}`, {
    hint: "Finish the upgrade first: while modules wait for one, Odoo runs no scheduled work.",
  });
}
