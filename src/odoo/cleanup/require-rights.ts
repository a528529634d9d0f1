import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import type { ScenarioName } from "../../domain/load/plan.ts";
import type { Capabilities } from "../../domain/target/capabilities.ts";
import type { ServerFacts } from "../capabilities/picker.ts";
import { stockCount } from "../capabilities/stock.ts";
import type { OdooSession } from "../connection/session.ts";
import { groupQuestion } from "./cleanup-facts.ts";

interface Need {
  readonly group: string;
  readonly scenarios: readonly ScenarioName[];
  /** Needed only where counts are made in this way. */
  readonly counts?: Capabilities["stockCount"];
}

/** Right is what a cleanup does to a model, and the group of Odoo that may. */
interface Right extends Need {
  readonly model: string;
  readonly operation: "create" | "write" | "unlink";
}

/** Membership is a group without which something cannot be done that no right to a model tells. */
interface Membership extends Need {
  readonly id: string;
  readonly deed: string;
}

const SALES = "Sales: Administrator";
const STOCK = "Inventory: Administrator";
const BILLING = "Invoicing: Billing";
const TILLS = "Point of Sale: User";
const SETTINGS = "Administration: Settings";

/** Scenarios that make deliveries of their own. */
const DELIVERING: readonly ScenarioName[] = ["checkout", "order-import", "store-orders"];

const RIGHTS: readonly Right[] = [
  { model: "sale.order", operation: "unlink", group: SALES, scenarios: ["checkout", "order-import"] },
  { model: "stock.picking", operation: "unlink", group: STOCK, scenarios: [...DELIVERING, "picking-wave"] },
  { model: "stock.picking.batch", operation: "unlink", group: STOCK, scenarios: ["picking-wave"] },
  { model: "stock.return.picking", operation: "create", group: STOCK, scenarios: [...DELIVERING, "picking-wave"] },
  { model: "stock.inventory", operation: "unlink", group: STOCK, scenarios: ["stock-sync"], counts: "adjustment" },
  { model: "pos.order", operation: "unlink", group: TILLS, scenarios: ["store-orders"] },
  { model: "pos.session", operation: "write", group: TILLS, scenarios: ["store-orders"] },
  { model: "res.partner", operation: "unlink", group: "Contact Creation", scenarios: ["checkout"] },
  { model: "payment.transaction", operation: "unlink", group: SETTINGS, scenarios: ["checkout"] },
  { model: "account.payment", operation: "unlink", group: BILLING, scenarios: ["checkout"] },
  { model: "payment.token", operation: "unlink", group: SETTINGS, scenarios: ["checkout"] },
  { model: "utm.campaign", operation: "unlink", group: SETTINGS, scenarios: ["checkout"] },
  { model: "mail.mail", operation: "unlink", group: SETTINGS, scenarios: ["checkout"] },
];

const MEMBERSHIPS: readonly Membership[] = [
  // Others see no journal entries, and a search that sees nothing would prove nothing.
  { id: "account.group_account_invoice", deed: "see account.move", group: BILLING, scenarios: ["checkout", "store-orders"] },
  // Others may write to a quant, and not apply what they counted.
  { id: "stock.group_stock_manager", deed: "apply counts", group: STOCK, scenarios: ["stock-sync"], counts: "quant" },
];

/**
 * requireRights refuses to begin where the user could not end: a cleanup that finds out half-way leaves less to be found by the
 * next one, and a scan that may not look reads like one that found nothing.
 */
export async function requireRights(
  session: OdooSession,
  { facts, scenarios }: { readonly facts: ServerFacts; readonly scenarios: readonly ScenarioName[] },
): Promise<void> {
  const isNeeded = (need: Need) =>
    need.scenarios.some((name) => scenarios.includes(name)) &&
    (need.counts === undefined || need.counts === stockCount.pick(facts));
  const missing: string[] = [];
  const groups = new Set<string>();
  for (const { model, operation, group } of RIGHTS.filter(isNeeded)) {
    const call = { model, method: "check_access_rights", args: [operation, false] };
    if (await session.call(call, z.boolean())) continue;
    missing.push(`${operation} ${model}`);
    groups.add(group);
  }
  for (const { id, deed, group } of MEMBERSHIPS.filter(isNeeded)) {
    const args = groupQuestion.pick(facts) === "user" ? [[session.uid], id] : [id];
    if (await session.call({ model: "res.users", method: "has_group", args }, z.boolean())) continue;
    missing.push(deed);
    groups.add(group);
  }
  if (missing.length === 0) return;
  const { login, database } = session.account;
  const text = `user ${login} of ${database} may not ${missing.join(", ")}; nothing was changed`;
  throw new HarnessError("cannot-measure", text, {
    hint: `Clean up as an administrator (--login NAME --password-env NAME), or give ${login} for it: ${[...groups].join(", ")}.`,
  });
}
