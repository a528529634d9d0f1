import type { Till, TillProduct } from "../lib/plan.ts";

/** ReceiptLine is one product on a receipt. */
interface ReceiptLine {
  readonly product: TillProduct;
  readonly quantity: number;
  readonly untaxed: number;
  readonly total: number;
}

/** Receipt is one sale as a till keeps it until Odoo has it. The till reckons, and Odoo takes its sums as they are. */
export interface Receipt {
  /** Number on the receipt, by which Odoo knows the order when it is sent again. */
  readonly reference: string;
  /** Place in its burst, from 1. */
  readonly number: number;
  readonly till: Till;
  readonly sessionId: number;
  readonly cashierId: number;
  /** UTC without a zone, as Odoo writes its times. */
  readonly at: string;
  readonly lines: readonly ReceiptLine[];
  readonly untaxed: number;
  readonly total: number;
}

/** sumUp adds amounts without the dust that binary fractions leave: no currency has more than six decimals. */
export function sumUp(amounts: readonly number[]): number {
  return Number(amounts.reduce((sum, amount) => sum + amount, 0).toFixed(6));
}

/** odooTime writes a moment as Odoo does. */
export function odooTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
