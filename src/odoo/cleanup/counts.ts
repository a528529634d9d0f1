import type { Capabilities } from "../../domain/target/capabilities.ts";
import { stockCount } from "../capabilities/stock-count.ts";
import { adjustments } from "./adjustments.ts";
import type { CleanupArea } from "./cleanup-area.ts";
import { quantCounts } from "./quant-counts.ts";

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
