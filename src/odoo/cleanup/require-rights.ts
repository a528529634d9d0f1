import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import type { ScenarioName } from "../../domain/load/plan.ts";
import type { Capabilities } from "../../domain/target/capabilities.ts";
import type { ServerFacts } from "../capabilities/picker.ts";
import { stockCount } from "../capabilities/stock.ts";
import type { OdooSession } from "../connection/session.ts";
import { groupCheck } from "./cleanup-facts.ts";

/** Need says when the cleanup needs a right, and which group of Odoo grants it. */
interface Need {
  readonly group: string;
  readonly scenarios: readonly ScenarioName[];
  /** Needed only with this variant of counts. */
  readonly counts?: Capabilities["stockCount"];
}

/** Right is the right to one operation on a model. */
interface Right extends Need {
  readonly model: string;
  readonly operation: "create" | "write" | "unlink";
}

/** Membership is the membership in a group that grants an action beyond the rights to a model. */
interface Membership extends Need {
  readonly id: string;
  readonly action: string;
}

const SALES = "Sales: Administrator";
const STOCK = "Inventory: Administrator";
const BILLING = "Invoicing: Billing";
const TILLS = "Point of Sale: User";
const SETTINGS = "Administration: Settings";

/** Scenarios that create deliveries. */
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
  // Other users cannot see journal entries, and their search would find nothing.
  { id: "account.group_account_invoice", action: "see account.move", group: BILLING, scenarios: ["checkout", "store-orders"] },
  // Other users may write to a quant but not apply a count.
  { id: "stock.group_stock_manager", action: "apply counts", group: STOCK, scenarios: ["stock-sync"], counts: "quant" },
];

/**
 * requireRights refuses a cleanup before the first write if the user lacks a right. A cleanup that fails half-way leaves fewer
 * traces for the next cleanup, and a scan without the right to read would wrongly find nothing.
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
  for (const { id, action, group } of MEMBERSHIPS.filter(isNeeded)) {
    const args = groupCheck.pick(facts) === "user" ? [[session.uid], id] : [id];
    if (await session.call({ model: "res.users", method: "has_group", args }, z.boolean())) continue;
    missing.push(action);
    groups.add(group);
  }
  if (missing.length === 0) return;
  const { login, database } = session.account;
  const text = `user ${login} of ${database} may not ${missing.join(", ")}; nothing was changed`;
  throw new HarnessError("cannot-measure", text, {
    hint: `Clean up as an administrator (--login NAME --password-env NAME), or give ${login} these groups: ${[...groups].join(", ")}.`,
  });
}
