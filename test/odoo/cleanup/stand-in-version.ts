/**
 * StandInVersion lists the differences between versions of Odoo that affect a cleanup. Source: the source code of each version.
 */
export interface StandInVersion {
  readonly major: number;
  /** The field of a move line that holds its reserved quantity. */
  readonly reserved: "product_uom_qty" | "reserved_uom_qty" | "quantity";
  /** A flag marks picked goods. Older versions have a separate field for the picked quantity. */
  readonly marksPicked: boolean;
  /** Counts are written to the quants. Older versions have inventory adjustments. */
  readonly countsQuants: boolean;
  /** The operation type sets the destination of a return. In older versions, the wizard receives it. */
  readonly returnsByType: boolean;
  /** The quantity of a return is in the unit of the delivery. In older versions, it is in the unit of the product. */
  readonly returnsInUnits: boolean;
  readonly locksOrders: boolean;
  /** When Odoo opens a window before it cancels. Odoo 14 loses the context that prevents the window when it repeats a call. */
  readonly cancelWindow: "delivered" | "confirmed" | "never";
  /** A payment has no journal entry while its journal waits for the bank statement. */
  readonly paysWithoutEntry: boolean;
  /** A till counts its cash and closes its session. In older versions, the back office does, and each session has a statement. */
  readonly closesTills: boolean;
  readonly opensTills: "set_cashbox_pos" | "set_opening_control";
  /** Fields of other versions that this version does not have. */
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
