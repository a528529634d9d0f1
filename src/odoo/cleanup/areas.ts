import type { Capabilities } from "../../domain/target/capabilities.ts";
import { stockCount } from "../capabilities/stock.ts";
import { adjustments } from "./adjustments.ts";
import { batches } from "./batches.ts";
import type { CleanupArea } from "./cleanup-area.ts";
import { deliveries } from "./deliveries.ts";
import { histories } from "./histories.ts";
import { orders } from "./orders.ts";
import { quantCounts } from "./quant-counts.ts";
import { mails, payments, shoppers } from "./shoppers.ts";
import { tills } from "./tills.ts";

const WAYS: Readonly<Record<Capabilities["stockCount"], Pick<CleanupArea, "scan" | "clear">>> = {
  adjustment: adjustments,
  quant: quantCounts,
};

/** counts are the stock syncs. What was applied stays, with its moves; its effect on the stock is counted back. */
export const counts: CleanupArea = {
  label: "counts",
  scenarios: ["stock-sync"],
  scan: (work, found) => WAYS[stockCount.pick(work.facts)].scan(work, found),
  clear: (work, found) => WAYS[stockCount.pick(work.facts)].clear(work, found),
};

/** AREAS are in the order in which they must go: what names other records before what it names. */
export const AREAS: readonly CleanupArea[] = [mails, payments, batches, tills, deliveries, orders, counts, shoppers, histories];
