import type { Columns } from "./columns.ts";

/** processedPayment says whether Odoo has done with payment `t` what follows from it; 15 renamed the column. */
export function processedPayment(columns: Columns): string {
  return columns.has("payment_transaction.is_post_processed") ? "t.is_post_processed" : "t.is_processed";
}
