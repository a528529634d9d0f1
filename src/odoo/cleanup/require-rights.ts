import { z } from "zod";
import { HarnessError } from "../../domain/error.ts";
import type { ScenarioName } from "../../domain/plan.ts";
import type { OdooSession } from "../odoo-session.ts";

/** Right is what a cleanup does to a model, and the group of Odoo 14 that may. */
interface Right {
  readonly model: string;
  readonly operation: "create" | "write" | "unlink";
  readonly group: string;
  readonly scenarios: readonly ScenarioName[];
}

const SALES = "Sales: Administrator";
const STOCK = "Inventory: Administrator";
const SETTINGS = "Administration: Settings";

const RIGHTS: readonly Right[] = [
  { model: "sale.order", operation: "unlink", group: SALES, scenarios: ["checkout", "order-import"] },
  { model: "stock.picking", operation: "unlink", group: STOCK, scenarios: ["checkout", "order-import", "picking-wave"] },
  { model: "stock.picking.batch", operation: "unlink", group: STOCK, scenarios: ["picking-wave"] },
  { model: "stock.return.picking", operation: "create", group: STOCK, scenarios: ["checkout", "order-import", "picking-wave"] },
  { model: "stock.inventory", operation: "unlink", group: STOCK, scenarios: ["stock-sync"] },
  { model: "res.partner", operation: "unlink", group: "Contact Creation", scenarios: ["checkout"] },
  { model: "payment.transaction", operation: "unlink", group: SETTINGS, scenarios: ["checkout"] },
  { model: "payment.token", operation: "unlink", group: SETTINGS, scenarios: ["checkout"] },
  { model: "utm.campaign", operation: "unlink", group: SETTINGS, scenarios: ["checkout"] },
  { model: "mail.mail", operation: "unlink", group: SETTINGS, scenarios: ["checkout"] },
];

/** Others see no journal entries, and a search that sees nothing would prove nothing. */
const BILLING = { name: "Invoicing: Billing", id: "account.group_account_invoice" };

/**
 * requireRights refuses to begin where the user could not end: a cleanup that finds out half-way leaves less to be found by the
 * next one, and a scan that may not look reads like one that found nothing.
 */
export async function requireRights(session: OdooSession, scenarios: readonly ScenarioName[]): Promise<void> {
  const missing: string[] = [];
  const groups = new Set<string>();
  for (const right of RIGHTS.filter((one) => one.scenarios.some((name) => scenarios.includes(name)))) {
    const { model, operation, group } = right;
    const call = { model, method: "check_access_rights", args: [operation, false] };
    if (await session.call(call, z.boolean())) continue;
    missing.push(`${operation} ${model}`);
    groups.add(group);
  }
  const has = { model: "res.users", method: "has_group", args: [BILLING.id] };
  if (scenarios.includes("checkout") && !(await session.call(has, z.boolean()))) {
    missing.push("see account.move");
    groups.add(BILLING.name);
  }
  if (missing.length === 0) return;
  const { login, database } = session.account;
  const text = `user ${login} of ${database} may not ${missing.join(", ")}; nothing was changed`;
  throw new HarnessError("cannot-measure", text, {
    hint: `Clean up as an administrator (--login NAME --password-env NAME), or give ${login} for it: ${[...groups].join(", ")}.`,
  });
}
