import { z } from "zod";

import type { Till } from "../../domain/load/plan.ts";
import type { Capabilities } from "../../domain/target/capabilities.ts";
import type { OdooSession } from "../odoo-session.ts";
import { idOf, manyToOne, searchRead } from "../search-read.ts";

/** PlacedTill is a till, and the location from which it sells. */
export interface PlacedTill extends Till {
  readonly stockLocation: number;
  readonly companyId: number;
}

/** TillWays are how the server's tills work. */
export type TillWays = Pick<Capabilities, "storeOrders" | "tillClosing">;

/** Each session that a run opens stays for good, with its entry: more tills would not make other bursts. */
const MOST_TILLS = 3;

const config = z.object({
  id: z.number(),
  payment_method_ids: z.array(z.number()),
  pricelist_id: manyToOne,
  picking_type_id: manyToOne,
  company_id: manyToOne,
  invoice_journal_id: manyToOne,
  cash_control: z.boolean(),
});

/**
 * readTills lists points of sale of one company that a run may open: without an open session, which would be somebody's, without
 * rounding of cash, and with a payment method that takes none and needs no customer.
 */
export async function readTills(session: OdooSession, ways: TillWays): Promise<readonly PlacedTill[]> {
  const fields = ["payment_method_ids", "pricelist_id", "picking_type_id", "company_id", "invoice_journal_id", "cash_control"];
  const domain = [["cash_rounding", "=", false]];
  const configs = await searchRead(session, { model: "pos.config", domain, fields }, config);
  const taken = await readTaken(session);
  const methods = await readMethods(session, ways);
  const locations = await readLocations(session);
  const tills = configs.flatMap(
    ({ id, payment_method_ids, pricelist_id, picking_type_id, company_id, invoice_journal_id, cash_control }) => {
      const companyId = idOf(company_id);
      const paymentMethodId = payment_method_ids.find((method) => methods.has(method));
      const stockLocation = locations.get(idOf(picking_type_id) ?? 0);
      // Where the back office closes, cash that is counted is counted by hand.
      if (taken.has(id) || (ways.tillClosing === "button" && cash_control)) return [];
      // Odoo 19 refuses any order of a till that could not invoice it.
      if (ways.storeOrders === "sync-from-ui" && invoice_journal_id === false) return [];
      if (paymentMethodId === undefined || stockLocation === undefined || companyId === null) return [];
      return [{ configId: id, pricelistId: idOf(pricelist_id), paymentMethodId, stockLocation, companyId }];
    },
  );
  return tills.filter(({ companyId }) => companyId === tills[0]?.companyId).slice(0, MOST_TILLS);
}

async function readTaken(session: OdooSession): Promise<ReadonlySet<number | null>> {
  const domain = [
    ["state", "!=", "closed"],
    ["rescue", "=", false],
  ];
  const search = { model: "pos.session", domain, fields: ["config_id"] };
  const open = await searchRead(session, search, z.object({ config_id: manyToOne }));
  return new Set(open.map(({ config_id }) => idOf(config_id)));
}

async function readMethods(session: OdooSession, { tillClosing }: TillWays): Promise<ReadonlySet<number>> {
  const domain = [
    ["is_cash_count", "=", false],
    ["split_transactions", "=", false],
    // A method without a journal is the customer's account. In Odoo 14 only cash has a journal.
    ...(tillClosing === "counted" ? [["journal_id", "!=", false]] : []),
  ];
  const search = { model: "pos.payment.method", domain, fields: ["id"] };
  return new Set((await searchRead(session, search, z.object({ id: z.number() }))).map(({ id }) => id));
}

/** Locations from which operations of each type take their goods. */
async function readLocations(session: OdooSession): Promise<ReadonlyMap<number, number>> {
  const shape = z.object({ id: z.number(), default_location_src_id: manyToOne });
  const search = { model: "stock.picking.type", domain: [["code", "=", "outgoing"]], fields: ["default_location_src_id"] };
  const types = await searchRead(session, search, shape);
  return new Map(
    types.flatMap(({ id, default_location_src_id }) => {
      const location = idOf(default_location_src_id);
      return location === null ? [] : [[id, location] as const];
    }),
  );
}
