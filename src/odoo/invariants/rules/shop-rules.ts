import type { Invariant } from "../invariant.ts";
import type { ShopSchema } from "../schema/shop-schema.ts";
import { accountingBalanced } from "./accounting-balanced.ts";
import { batchesDone } from "./batches-done.ts";
import { checkoutConfirmed } from "./checkout-confirmed.ts";
import { deliveredEqualsMoves } from "./delivered-equals-moves.ts";
import { importAsSent } from "./import-as-sent.ts";
import { importExactlyOnce } from "./import-exactly-once.ts";
import { namesUnique } from "./names-unique.ts";
import { noNegativeStock } from "./no-negative-stock.ts";
import { noOrphanMoves } from "./no-orphan-moves.ts";
import { ordersHaveMoves } from "./orders-have-moves.ts";
import { paidOnce } from "./paid-once.ts";
import { pickingsWhole } from "./pickings-whole.ts";
import { posOnce } from "./pos-once.ts";
import { reservedEqualsLines } from "./reserved-equals-lines.ts";
import { stockDoubleEntry } from "./stock-double-entry.ts";
import { stockEqualsMoves } from "./stock-equals-moves.ts";
import { storeOrdersAsSent } from "./store-orders-as-sent.ts";
import { storeOrdersOnce } from "./store-orders-once.ts";
import { storeSessionsBalanced } from "./store-sessions-balanced.ts";
import { storeStockMoved } from "./store-stock-moved.ts";

/** shopRules are the rules for one database, in the order in which they are told. */
export function shopRules(schema: ShopSchema): readonly Invariant[] {
  return [
    importExactlyOnce,
    importAsSent,
    checkoutConfirmed,
    batchesDone,
    storeOrdersOnce,
    storeOrdersAsSent,
    storeStockMoved(schema),
    storeSessionsBalanced,
    ordersHaveMoves,
    paidOnce(schema),
    posOnce(schema),
    pickingsWhole,
    noOrphanMoves,
    stockDoubleEntry,
    stockEqualsMoves(schema),
    reservedEqualsLines(schema),
    noNegativeStock,
    deliveredEqualsMoves(schema),
    accountingBalanced,
    namesUnique,
  ];
}
