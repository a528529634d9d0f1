import type { ScenarioName } from "../../domain/load/plan.ts";
import { joinFacts } from "../capabilities/join-facts.ts";
import { orderLock } from "../capabilities/order-lock.ts";
import { picking } from "../capabilities/picking.ts";
import { reserved } from "../capabilities/reserved.ts";
import { returnWindow } from "../capabilities/return-window.ts";
import type { WantedFacts } from "../capabilities/server-facts.ts";
import { stockCount } from "../capabilities/stock-count.ts";
import { storeOrders } from "../capabilities/store-orders.ts";
import { tillClosing } from "../capabilities/till-closing.ts";

/**
 * cleanupFacts is what the cleanup of a run that loaded these scenarios wants to know of a server; each of its parts picks its way
 * by it when it has something to undo. A server without tills is not asked about them.
 */
export function cleanupFacts(scenarios: readonly ScenarioName[]): WantedFacts {
  const ofTills = scenarios.includes("store-orders") ? [storeOrders, tillClosing] : [];
  return joinFacts([orderLock, picking, reserved, returnWindow, stockCount, ...ofTills].map(({ asks }) => asks));
}
