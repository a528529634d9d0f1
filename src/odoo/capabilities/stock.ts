import { missingCapability, type Picker } from "./picker.ts";

/** storable is how goods that are kept in stock are identified. */
export const storable: Picker<"storable"> = {
  name: "storable",
  asks: { fields: { "product.template": ["type", "is_storable"] } },
  pick({ fields, server }) {
    const template = fields.get("product.template");
    if (template?.has("is_storable") === true) return "mark";
    if (template?.has("type") === true) return "type";
    throw missingCapability("storable", {
      module: "stock",
      lacks: "product.template does not distinguish goods from services",
      server,
    });
  },
};

/** stockCount is how many counts are submitted at once. A server whose moves name an adjustment has the model `stock.inventory`. */
export const stockCount: Picker<"stockCount"> = {
  name: "stockCount",
  asks: { fields: { "stock.quant": ["inventory_quantity_set"], "stock.move": ["inventory_id"] } },
  pick({ fields, server }) {
    if (fields.get("stock.quant")?.has("inventory_quantity_set") === true) return "quant";
    if (fields.get("stock.move")?.has("inventory_id") === true) return "adjustment";
    const lacks = "there is no stock.inventory, and stock.quant takes no counts";
    throw missingCapability("stockCount", { module: "stock", lacks, server });
  },
};

/** reserved is the field of a move line that holds its reserved quantity: one in 14 and 15, one in 16, one from 17 on. */
export const reserved: Picker<"reserved"> = {
  name: "reserved",
  asks: { fields: { "stock.move.line": ["product_uom_qty", "reserved_uom_qty", "quantity"] } },
  pick({ fields, server }) {
    const line = fields.get("stock.move.line");
    if (line?.has("reserved_uom_qty") === true) return "reserved_uom_qty";
    if (line?.has("quantity") === true) return "quantity";
    if (line?.has("product_uom_qty") === true) return "product_uom_qty";
    throw missingCapability("reserved", { module: "stock", lacks: "stock.move.line has no reserved quantity", server });
  },
};

/** picking is how a picked quantity is written. From Odoo 17 on the reserved quantity itself is marked as picked. */
export const picking: Picker<"picking"> = {
  name: "picking",
  asks: { fields: { "stock.move.line": ["qty_done", "picked"] } },
  pick({ fields, server }) {
    const line = fields.get("stock.move.line");
    if (line?.has("picked") === true) return "picked";
    if (line?.has("qty_done") === true) return "qty-done";
    throw missingCapability("picking", { module: "stock", lacks: "stock.move.line has no picked quantity", server });
  },
};
