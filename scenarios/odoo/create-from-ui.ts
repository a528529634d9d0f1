import { sumUp } from "./receipt.ts";
import type { Receipt } from "./receipt.ts";
import type { TillProtocol } from "./till-protocol.ts";

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
