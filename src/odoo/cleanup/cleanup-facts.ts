import type { ScenarioName } from "../../domain/load/plan.ts";
import { joinFacts, type ServerFacts, type WantedFacts } from "../capabilities/picker.ts";
import { picking, reserved, stockCount } from "../capabilities/stock.ts";
import { storeOrders, tillClosing } from "../capabilities/store.ts";

/**
 * cleanupFacts lists the facts of a server that the cleanup of these scenarios needs. Each area picks its variant by these facts
 * as soon as it has something to undo. Facts about tills are requested only after a run with tills.
 */
export function cleanupFacts(scenarios: readonly ScenarioName[]): WantedFacts {
  const tillPickers = scenarios.includes("store-orders") ? [storeOrders, tillClosing] : [];
  return joinFacts([orderLock, picking, reserved, returnWizard, stockCount, ...tillPickers].map(({ asks }) => asks));
}

/** orderLock says whether orders have a lock (`locked`, from 17 on) that must be removed before an order can be cancelled. */
export const orderLock = {
  asks: { fields: { "sale.order": ["locked"] } },
  pick: ({ fields }: ServerFacts): boolean => fields.get("sale.order")?.has("locked") === true,
};

/**
 * ReturnWizard is the variant of the wizard that returns a delivery. `location`, up to 17: the wizard receives the destination
 * and creates the return with `create_returns`. `operation-type`, from 18 on: the operation type sets the destination, and the
 * method is `action_create_returns`.
 */
export type ReturnWizard = "location" | "operation-type";

export const returnWizard = {
  asks: { fields: { "stock.return.picking": ["location_id"] } },
  pick: ({ fields }: ServerFacts): ReturnWizard =>
    fields.get("stock.return.picking")?.has("location_id") === true ? "location" : "operation-type",
};

/**
 * groupCheck says on what `has_group` is called: on a user from 18 on, on the model for the current user before. No field shows
 * the difference, and a call of the wrong kind logs an error on the server, so the version decides.
 */
export const groupCheck = {
  asks: {},
  pick: ({ server }: ServerFacts): "user" | "model" => (server.major >= 18 ? "user" : "model"),
};
