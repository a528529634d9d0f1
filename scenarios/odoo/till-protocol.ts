import { isRecord } from "../lib/answer.ts";
import type { Till, TillProduct } from "../../src/domain/load/plan.ts";

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

/**
 * createFromUi is how tills of Odoo 14 to 17 hand over orders. A till always sends `server_id`, false as long as it knows none:
 * only where the key is there, Odoo up to 16 looks whether it has the receipt already. 17 called `creation_date` `date_order`.
 */
export const createFromUi: TillProtocol = {
  method: "create_from_ui",
  opening: "set_cashbox_pos",
  write: (receipt) => ({ id: receipt.reference, to_invoice: false, data: dataOf(receipt) }),
  read: (result) => result,
};

function dataOf(receipt: Receipt): Readonly<Record<string, unknown>> {
  const { reference, number, till, sessionId, cashierId, at, untaxed, total } = receipt;
  return {
    name: reference,
    uid: reference,
    server_id: false,
    pos_session_id: sessionId,
    user_id: cashierId,
    partner_id: false,
    pricelist_id: till.pricelistId ?? false,
    fiscal_position_id: false,
    sequence_number: number,
    creation_date: at,
    date_order: at,
    to_invoice: false,
    is_tipped: false,
    tip_amount: 0,
    amount_total: total,
    amount_tax: sumUp([total, -untaxed]),
    amount_paid: total,
    amount_return: 0,
    lines: receipt.lines.map((line) => [
      0,
      0,
      {
        product_id: line.product.id,
        qty: line.quantity,
        price_unit: line.product.price,
        discount: 0,
        tax_ids: [[6, false, line.product.taxIds]],
        price_subtotal: line.untaxed,
        price_subtotal_incl: line.total,
        pack_lot_ids: [],
      },
    ]),
    statement_ids: [[0, 0, { name: at, payment_method_id: till.paymentMethodId, amount: total }]],
  };
}

/**
 * syncFromUi is how tills of Odoo 18 and 19 hand over orders: as records, known again by a number that the till makes up. 18
 * takes the receipt's number from `name`, 19 from the field itself.
 */
export const syncFromUi: TillProtocol = {
  method: "sync_from_ui",
  opening: "set_opening_control",
  write: valuesOf,
  read: (result) => (isRecord(result) ? result["pos.order"] : undefined),
};

function valuesOf(receipt: Receipt): Readonly<Record<string, unknown>> {
  const { reference, number, till, sessionId, cashierId, at, untaxed, total } = receipt;
  return {
    uuid: reference,
    name: reference,
    pos_reference: reference,
    session_id: sessionId,
    user_id: cashierId,
    partner_id: false,
    pricelist_id: till.pricelistId ?? false,
    fiscal_position_id: false,
    sequence_number: number,
    date_order: at,
    to_invoice: false,
    state: "paid",
    amount_total: total,
    amount_tax: sumUp([total, -untaxed]),
    amount_paid: total,
    amount_return: 0,
    lines: receipt.lines.map((line, index) => [
      0,
      0,
      {
        uuid: `${reference}-line-${index + 1}`,
        product_id: line.product.id,
        qty: line.quantity,
        price_unit: line.product.price,
        discount: 0,
        tax_ids: [[6, 0, line.product.taxIds]],
        price_subtotal: line.untaxed,
        price_subtotal_incl: line.total,
      },
    ]),
    payment_ids: [
      [0, 0, { uuid: `${reference}-payment`, payment_date: at, payment_method_id: till.paymentMethodId, amount: total }],
    ],
  };
}
