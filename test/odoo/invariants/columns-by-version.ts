import type { Columns } from "../../../src/odoo/invariants/shop-schema.ts";

/**
 * COLUMNS_BY_VERSION lists the columns that the rules read and that differ between versions. Source: real databases of 14, 16, 17
 * and 19, and the source code of 15 and 18.
 */
export const COLUMNS_BY_VERSION: Readonly<Record<string, Columns>> = {
  "14": new Set([
    "payment_transaction.is_processed",
    "product_template.type",
    "sale_order_line.product_uom",
    "stock_move.product_uom_qty",
    "stock_move.scrapped",
    "stock_move_line.product_qty",
    "stock_move_line.qty_done",
    "uom_uom.factor",
  ]),
  "15": new Set([
    "payment_transaction.is_post_processed",
    "product_template.type",
    "sale_order_line.product_uom",
    "stock_move.product_uom_qty",
    "stock_move.scrapped",
    "stock_move_line.product_qty",
    "stock_move_line.qty_done",
    "uom_uom.factor",
  ]),
  "16": new Set([
    "payment_transaction.is_post_processed",
    "product_template.type",
    "sale_order_line.product_uom",
    "stock_move.product_uom_qty",
    "stock_move.scrapped",
    "stock_move_line.qty_done",
    "stock_move_line.reserved_qty",
    "uom_uom.factor",
  ]),
  "17": new Set([
    "payment_transaction.is_post_processed",
    "product_template.type",
    "sale_order_line.product_uom",
    "stock_move.product_uom_qty",
    "stock_move.quantity",
    "stock_move.scrapped",
    "stock_move_line.quantity_product_uom",
    "uom_uom.factor",
  ]),
  "18": new Set([
    "payment_transaction.is_post_processed",
    "pos_order.uuid",
    "product_template.is_storable",
    "product_template.type",
    "sale_order_line.product_uom",
    "stock_move.product_uom_qty",
    "stock_move.quantity",
    "stock_move.scrapped",
    "stock_move_line.quantity_product_uom",
    "uom_uom.factor",
  ]),
  "19": new Set([
    "payment_transaction.is_post_processed",
    "pos_order.uuid",
    "product_template.is_storable",
    "product_template.type",
    "sale_order_line.product_uom_id",
    "stock_move.product_uom_qty",
    "stock_move.quantity",
    "stock_move_line.quantity_product_uom",
    "uom_uom.factor",
    "uom_uom.relative_factor",
  ]),
};
