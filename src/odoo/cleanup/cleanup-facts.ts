import { joinFacts } from "../capabilities/join-facts.ts";
import { orderLock } from "../capabilities/order-lock.ts";
import { picking } from "../capabilities/picking.ts";
import { reserved } from "../capabilities/reserved.ts";
import { returnWindow } from "../capabilities/return-window.ts";
import type { WantedFacts } from "../capabilities/server-facts.ts";
import { stockCount } from "../capabilities/stock-count.ts";
import { storeOrders } from "../capabilities/store-orders.ts";
import { tillClosing } from "../capabilities/till-closing.ts";

/** cleanupFacts is what a cleanup wants to know of a server; each of its parts picks its way by it when it has something to undo. */
export function cleanupFacts(): WantedFacts {
  const parts = [orderLock, picking, reserved, returnWindow, stockCount, storeOrders, tillClosing];
  return joinFacts(parts.map(({ asks }) => asks));
}
