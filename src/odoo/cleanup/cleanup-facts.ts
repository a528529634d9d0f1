import type { ScenarioName } from "../../domain/load/plan.ts";
import { joinFacts, type ServerFacts, type WantedFacts } from "../capabilities/picker.ts";
import { picking, reserved, stockCount } from "../capabilities/stock.ts";
import { storeOrders, tillClosing } from "../capabilities/store.ts";

/**
 * cleanupFacts is what the cleanup of a run that loaded these scenarios wants to know of a server; each of its parts picks its way
 * by it when it has something to undo. A server without tills is not asked about them.
 */
export function cleanupFacts(scenarios: readonly ScenarioName[]): WantedFacts {
  const ofTills = scenarios.includes("store-orders") ? [storeOrders, tillClosing] : [];
  return joinFacts([orderLock, picking, reserved, returnWindow, stockCount, ...ofTills].map(({ asks }) => asks));
}

/** orderLock tells whether orders bear a lock (`locked`, from 17 on) that has to be taken off before they can be cancelled. */
export const orderLock = {
  asks: { fields: { "sale.order": ["locked"] } },
  pick: ({ fields }: ServerFacts): boolean => fields.get("sale.order")?.has("locked") === true,
};

/**
 * ReturnWindow is how the window that returns a delivery is used: up to 17 it is told where the goods go and creates the return by
 * `create_returns`, from 18 on it sends them where the type of operation says and is asked by `action_create_returns`.
 */
export type ReturnWindow = "told" | "by-type";

export const returnWindow = {
  asks: { fields: { "stock.return.picking": ["location_id"] } },
  pick: ({ fields }: ServerFacts): ReturnWindow =>
    fields.get("stock.return.picking")?.has("location_id") === true ? "told" : "by-type",
};

/**
 * groupQuestion tells whom `has_group` is asked of: from 18 on a user, and before the model, for whoever asks. No field tells, and
 * the wrong question would leave an error in the server's log, so this goes by the version.
 */
export const groupQuestion = {
  asks: {},
  pick: ({ server }: ServerFacts): "user" | "model" => (server.major >= 18 ? "user" : "model"),
};
