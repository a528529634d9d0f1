import { type Row, type Tables, userError } from "./stand-in-tables.ts";
import type { StandInVersion } from "./stand-in-version.ts";

/** LOCATIONS are the ids of the stock, the customers, the inventory losses, and the default destination of returns. */
export const LOCATIONS = { stock: 8, customers: 9, losses: 14, returns: 15 } as const;

/** UNIT is the unit of products, and DOZEN the unit of deliveries. */
export const [UNIT, DOZEN] = [1, 2] as const;

/** Handler is a method of a model; it receives the arguments and the context of the call. */
export type Handler = (args: readonly unknown[], context: Readonly<Record<string, unknown>>) => unknown;

/** stockOf sums the moves at the stock location by product. A cleanup must restore these sums. */
export function stockOf(tables: Tables): Record<string, number> {
  const stock: Record<string, number> = {};
  for (const move of tables.find("stock.move", [["state", "=", "done"]])) {
    const product = String(move["product_id"]);
    const sign = Number(move["location_dest_id"] === LOCATIONS.stock) - Number(move["location_id"] === LOCATIONS.stock);
    stock[product] = (stock[product] ?? 0) + sign * Number(move["product_qty"]);
  }
  return stock;
}

/** stockMethods are the stock methods that a cleanup calls, with the rules of Odoo's source code. */
export function stockMethods(tables: Tables, version: StandInVersion): Readonly<Record<string, Handler>> {
  const rows = (model: string, ids: unknown) => (Array.isArray(ids) ? ids : [ids]).map((id) => tables.get(model, id));
  const movesOf = (picking: Row) => tables.find("stock.move", [["picking_id", "=", picking.id]]);
  return {
    "stock.picking.unlink": ([ids]) => {
      for (const picking of rows("stock.picking", ids)) {
        if (picking["state"] === "done") throw userError("You can only delete draft moves.");
        const lines = tables.find("stock.move.line", [["picking_id", "=", picking.id]]);
        if (!version.marksPicked && lines.some((line) => line["qty_done"] !== 0 && line["state"] === "cancel")) {
          throw userError("You can not delete product moves if the picking is done.");
        }
        for (const line of lines) tables.remove("stock.move.line", line.id);
        for (const move of movesOf(picking)) tables.remove("stock.move", move.id);
        tables.remove("stock.picking", picking.id);
      }
      return true;
    },
    "stock.picking.action_cancel": ([ids]) => {
      for (const picking of rows("stock.picking", ids)) {
        if (picking["state"] === "done") throw userError("You cannot cancel a stock move that has been set to 'Done'.");
        const lines = tables.find("stock.move.line", [["picking_id", "=", picking.id]]);
        for (const record of [picking, ...movesOf(picking), ...lines]) record["state"] = "cancel";
      }
      return true;
    },
    "stock.picking.batch.unlink": ([ids]) => {
      const found = rows("stock.picking.batch", ids);
      const isLast = (state: unknown) => (version.major > 14 ? state === "done" : state !== "draft");
      if (found.some(({ state }) => isLast(state))) throw userError("You cannot delete batch transfers in this state.");
      for (const { id } of found) tables.remove("stock.picking.batch", id);
      return true;
    },
    "stock.picking.write": ([ids, values]) => {
      for (const picking of rows("stock.picking", ids)) {
        const { move_line_ids: commands, ...rest } = Object(values);
        Object.assign(picking, rest);
        if (rest.location_dest_id !== undefined) {
          for (const move of movesOf(picking)) move["location_dest_id"] = rest.location_dest_id;
        }
        for (const [, id, line] of commands ?? []) Object.assign(tables.get("stock.move.line", id), line);
      }
      return true;
    },
    "stock.picking.button_validate": ([ids]) => {
      for (const picking of rows("stock.picking", ids)) {
        const lines = tables.find("stock.move.line", [["picking_id", "=", picking.id]]);
        const isAsked = !version.marksPicked && lines.every((line) => line["qty_done"] === 0);
        if (isAsked) return { res_model: "stock.immediate.transfer" };
        for (const record of [picking, ...movesOf(picking), ...lines]) record["state"] = "done";
      }
      // Newer versions offer to print a report after the validation.
      return version.marksPicked ? { type: "ir.actions.client", tag: "do_multi_print" } : true;
    },
    "stock.move.write": ([ids, values]) => {
      for (const move of rows("stock.move", ids)) {
        Object.assign(move, values);
        const { picked } = Object(values);
        for (const line of tables.find("stock.move.line", [["move_id", "=", move.id]])) line["picked"] = picked;
      }
      return true;
    },
    "stock.return.picking.create": ([values]) => {
      const { product_return_moves: lines, ...rest } = Object(values);
      const wizard = tables.add("stock.return.picking", rest);
      for (const [, , line] of lines) {
        const uom_id = version.returnsInUnits ? tables.get("stock.move", line.move_id)["product_uom"] : UNIT;
        tables.add("stock.return.picking.line", { ...line, wizard_id: wizard.id, uom_id });
      }
      return wizard.id;
    },
    [`stock.return.picking.${version.returnsByType ? "action_create_returns" : "create_returns"}`]: ([ids]) => {
      const [wizard] = rows("stock.return.picking", ids);
      const original = tables.get("stock.picking", wizard?.["picking_id"]);
      const { sale_id, pos_session_id, location_id } = original;
      const back = tables.add("stock.picking", {
        name: `RETURN/${String(original["name"])}`,
        state: "assigned",
        sale_id,
        pos_session_id,
        location_id,
      });
      for (const line of tables.find("stock.return.picking.line", [["wizard_id", "=", wizard?.id]])) {
        const common = { picking_id: back.id, product_id: line["product_id"], state: "assigned" };
        const quantity = Number(line["quantity"]) * (line["uom_id"] === DOZEN ? 12 : 1);
        const unit = { product_uom: UNIT, product_uom_qty: quantity };
        const places = { location_id: LOCATIONS.customers, location_dest_id: wizard?.["location_id"] ?? LOCATIONS.returns };
        const move = { ...common, ...places, ...unit, product_qty: quantity, origin_returned_move_id: line["move_id"] };
        const { id: move_id } = tables.add("stock.move", { ...move, is_inventory: false, inventory_id: false });
        const done = version.marksPicked ? { picked: false } : { qty_done: 0 };
        tables.add("stock.move.line", { ...common, move_id, [version.reserved]: quantity, ...done });
      }
      return { res_id: back.id };
    },
    ...(version.countsQuants ? quantMethods(tables) : inventoryMethods(tables, rows)),
  };
}

/** quantMethods: a write in inventory mode creates and validates the move of the quant at once. */
function quantMethods(tables: Tables): Readonly<Record<string, Handler>> {
  return {
    "stock.quant.write": ([ids, values], context) => {
      const quants = (Array.isArray(ids) ? ids : []).map((id) => tables.get("stock.quant", id));
      const [quant] = quants;
      if (quant === undefined || context["inventory_mode"] !== true) {
        for (const one of quants) Object.assign(one, values);
        return true;
      }
      const change = Number(Object(values).inventory_quantity_auto_apply) - Number(quant["quantity"]);
      const [from, to] = change > 0 ? [LOCATIONS.losses, LOCATIONS.stock] : [LOCATIONS.stock, LOCATIONS.losses];
      tables.add("stock.move", {
        reference: context["inventory_name"],
        state: "done",
        is_inventory: true,
        product_id: quant["product_id"],
        product_qty: Math.abs(change),
        location_id: from,
        location_dest_id: to,
        origin_returned_move_id: false,
        picking_id: false,
      });
      return true;
    },
  };
}

function inventoryMethods(
  tables: Tables,
  rows: (model: string, ids: unknown) => readonly Row[],
): Readonly<Record<string, Handler>> {
  const linesOf = (id: number) => tables.find("stock.inventory.line", [["inventory_id", "=", id]]);
  return {
    "stock.inventory.create": ([values]) => {
      const { line_ids: lines, ...rest } = Object(values);
      const inventory = tables.add("stock.inventory", { ...rest, state: "draft" });
      const stock = stockOf(tables);
      for (const [, , line] of lines) {
        const theoretical_qty = stock[String(line.product_id)] ?? 0;
        tables.add("stock.inventory.line", { ...line, inventory_id: inventory.id, theoretical_qty, product_qty: 0 });
      }
      return inventory.id;
    },
    "stock.inventory.write": ([ids, values]) => {
      for (const [command, id, line] of Object(values).line_ids ?? []) {
        if (command === 2) tables.remove("stock.inventory.line", id);
        else Object.assign(tables.get("stock.inventory.line", id), line);
      }
      return rows("stock.inventory", ids).length > 0;
    },
    "stock.inventory.action_start": ([ids]) => {
      for (const inventory of rows("stock.inventory", ids)) inventory["state"] = "confirm";
      return { res_model: "stock.inventory.line" };
    },
    "stock.inventory.action_cancel_draft": ([ids]) => {
      for (const inventory of rows("stock.inventory", ids)) {
        for (const line of linesOf(inventory.id)) tables.remove("stock.inventory.line", line.id);
        inventory["state"] = "draft";
      }
      return undefined;
    },
    "stock.inventory.action_validate": ([ids]) => {
      for (const inventory of rows("stock.inventory", ids)) {
        if (inventory["state"] !== "confirm") throw userError("You can't validate the inventory");
        for (const line of linesOf(inventory.id)) {
          const change = Number(line["product_qty"]) - Number(line["theoretical_qty"]);
          if (change !== 0) tables.add("stock.move", inventoryMove(inventory, line, change));
        }
        inventory["state"] = "done";
      }
      return true;
    },
    "stock.inventory.unlink": ([ids]) => {
      for (const inventory of rows("stock.inventory", ids)) {
        if (inventory["state"] !== "draft" && inventory["state"] !== "cancel") throw userError("You can only delete a draft");
        tables.remove("stock.inventory", inventory.id);
      }
      return true;
    },
  };
}

function inventoryMove(inventory: Row, line: Row, change: number): Record<string, unknown> {
  const [from, to] = change > 0 ? [LOCATIONS.losses, LOCATIONS.stock] : [LOCATIONS.stock, LOCATIONS.losses];
  return {
    reference: `INV:${String(inventory["name"])}`,
    state: "done",
    inventory_id: inventory.id,
    product_id: line["product_id"],
    product_qty: Math.abs(change),
    location_id: from,
    location_dest_id: to,
    origin_returned_move_id: false,
    picking_id: false,
  };
}
