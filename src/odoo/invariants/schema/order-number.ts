import type { Columns } from "./columns.ts";

/** orderNumber is the number that a till itself gives order `o`, beside its receipt; null before 18, where tills give none. */
export function orderNumber(columns: Columns): string {
  return columns.has("pos_order.uuid") ? "o.uuid" : "null";
}
