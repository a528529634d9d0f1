import type { Receipt } from "./receipt.ts";

/** TillProtocol is how tills and Odoo speak with each other. */
export interface TillProtocol {
  /** Method of `pos.order` that takes orders. */
  readonly method: string;
  /** Method of `pos.session` that states how much cash there is at the start. */
  readonly opening: string;
  readonly write: (receipt: Receipt) => unknown;
  /** Finds the list of orders in the answer. */
  readonly read: (result: unknown) => unknown;
}
