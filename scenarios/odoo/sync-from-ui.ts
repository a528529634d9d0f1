import { isRecord } from "../lib/classify.ts";
import { sumUp } from "./receipt.ts";
import type { Receipt } from "./receipt.ts";
import type { TillProtocol } from "./till-protocol.ts";

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
