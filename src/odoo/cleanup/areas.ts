import type { Capabilities } from "../../domain/target/capabilities.ts";
import { stockCount } from "../capabilities/stock.ts";
import { adjustments } from "./adjustments.ts";
import { batches } from "./batches.ts";
import { chatter } from "./chatter.ts";
import type { CleanupArea } from "./cleanup-area.ts";
import { deliveries } from "./deliveries.ts";
import { orders } from "./orders.ts";
import { quantCounts } from "./quant-counts.ts";
import { mails, payments, shoppers } from "./shoppers.ts";
import { tills } from "./tills.ts";

const COUNTS: Readonly<Record<Capabilities["stockCount"], Pick<CleanupArea, "scan" | "clear">>> = {
  adjustment: adjustments,
  quant: quantCounts,
};

/**
 * counts is the area of the stock syncs. An applied count stays with its moves; a second count reverses its effect on the stock.
 */
const counts: CleanupArea = {
  label: "counts",
  scenarios: ["stock-sync"],
  scan: (work, found) => COUNTS[stockCount.pick(work.facts)].scan(work, found),
  clear: (work, found) => COUNTS[stockCount.pick(work.facts)].clear(work, found),
};

/** AREAS are in the order of the cleanup: a record is removed before the records that it refers to. */
export const AREAS: readonly CleanupArea[] = [mails, payments, batches, tills, deliveries, orders, counts, shoppers, chatter];
