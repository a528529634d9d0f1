/** StandInVersion is in what an Odoo differs from others, as far as a cleanup meets it; taken from the source of each. */
export interface StandInVersion {
  readonly major: number;
  /** The field of a move line that holds its reserved quantity. */
  readonly reserved: "product_uom_qty" | "reserved_uom_qty" | "quantity";
  /** Picked goods bear a mark; before, their quantity is written beside the reserved one. */
  readonly marksPicked: boolean;
  /** Counts go to the quants; before, they are an inventory adjustment. */
  readonly countsQuants: boolean;
  /** A return goes where its type of operation says; before, where it is told to. */
  readonly returnsByType: boolean;
  /** A return is counted in the unit of the delivery; before, in that of the product. */
  readonly returnsInUnits: boolean;
  readonly locksOrders: boolean;
  /** When Odoo asks by a window before it cancels: the context that forbids it is lost in 14 when Odoo repeats the call. */
  readonly cancelWindow: "delivered" | "confirmed" | "never";
  /** Payments of a journal that waits for the bank's statement have no entry in the books. */
  readonly paysWithoutEntry: boolean;
  /** Tills count their cash and close their sessions themselves; before, the back office does, and each has a statement. */
  readonly closesTills: boolean;
  readonly opensTills: "set_cashbox_pos" | "set_opening_control";
  /** Fields of other versions that it does not have. */
  readonly absent: readonly string[];
  readonly unsearchable: readonly string[];
}

const QTY_DONE_ONLY = ["stock.move.picked", "stock.move.line.picked", "stock.move.line.quantity", "sale.order.locked"];
const PICKED_ONLY = ["stock.move.line.qty_done", "stock.move.line.product_uom_qty", "stock.move.line.reserved_uom_qty"];
const WITHOUT_ADJUSTMENTS = ["stock.inventory.line_ids", "stock.inventory.name", "stock.move.inventory_id"];

export const ODOO_14: StandInVersion = {
  major: 14,
  reserved: "product_uom_qty",
  marksPicked: false,
  countsQuants: false,
  returnsByType: false,
  returnsInUnits: false,
  locksOrders: false,
  cancelWindow: "delivered",
  paysWithoutEntry: false,
  closesTills: false,
  opensTills: "set_cashbox_pos",
  absent: [
    ...QTY_DONE_ONLY,
    "stock.move.line.reserved_uom_qty",
    "stock.quant.inventory_quantity_set",
    "stock.move.is_inventory",
    "pos.order.uuid",
    "pos.session.opening_notes",
  ],
  unsearchable: [],
};

export const ODOO_16: StandInVersion = {
  ...ODOO_14,
  major: 16,
  reserved: "reserved_uom_qty",
  countsQuants: true,
  cancelWindow: "confirmed",
  closesTills: true,
  absent: [...QTY_DONE_ONLY, ...WITHOUT_ADJUSTMENTS, "stock.move.line.product_uom_qty", "pos.order.uuid"],
};

export const ODOO_17: StandInVersion = {
  ...ODOO_16,
  major: 17,
  reserved: "quantity",
  marksPicked: true,
  locksOrders: true,
  absent: [...PICKED_ONLY, ...WITHOUT_ADJUSTMENTS, "pos.order.uuid"],
};

export const ODOO_19: StandInVersion = {
  ...ODOO_17,
  major: 19,
  returnsByType: true,
  returnsInUnits: true,
  cancelWindow: "never",
  paysWithoutEntry: true,
  opensTills: "set_opening_control",
  absent: [...PICKED_ONLY, ...WITHOUT_ADJUSTMENTS, "stock.move.name", "stock.return.picking.location_id"],
  unsearchable: ["mail.message.record_name"],
};
