import type { Transaction } from "../lib/transaction.ts";
import { wayOf } from "../lib/way.ts";
import type { CountWay } from "./count-way.ts";
import { adjustment } from "./stock-count-adjustment.ts";
import { quant } from "./stock-count-quant.ts";

const WAYS = { adjustment, quant };

/** countWay is how the server takes counts. */
export function countWay({ ways }: Transaction): CountWay {
  return wayOf(WAYS, ways.stockCount);
}
