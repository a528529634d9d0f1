import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";
import { type Delivery, missingMoves } from "./read-deliveries.ts";
import { refuseWindow } from "./refuse-window.ts";

const WIZARD = "stock.return.picking";
const PICKING = "stock.picking";

/** returnDelivery brings back what went out: first what an earlier cleanup began, then what is missing still. */
export async function returnDelivery(session: OdooSession, delivery: Delivery): Promise<void> {
  for (const id of delivery.openReturns) await receive(session, id);
  const missing = missingMoves(delivery);
  if (missing.length === 0) return;
  const lines = missing.map(({ id, productId, quantity }) => [
    0,
    0,
    // The order's delivered quantity goes down again as well.
    { product_id: productId, quantity, move_id: id, to_refund: true },
  ]);
  const values = { picking_id: delivery.id, location_id: delivery.locationId, product_return_moves: lines };
  const wizard = await session.call({ model: WIZARD, method: "create", args: [values] }, z.number());
  const window = z.object({ res_id: z.number() });
  const { res_id } = await session.call({ model: WIZARD, method: "create_returns", args: [[wizard]] }, window);
  await receive(session, res_id);
}

/** receive states everything that is expected as received and validates the picking. */
async function receive(session: OdooSession, pickingId: number): Promise<void> {
  const domain = [
    ["picking_id", "=", pickingId],
    ["state", "not in", ["done", "cancel"]],
  ];
  const shape = z.object({ id: z.number(), product_uom_qty: z.number() });
  const lines = await searchRead(session, { model: "stock.move.line", domain, fields: ["product_uom_qty"] }, shape);
  const commands = lines.map(({ id, product_uom_qty }) => [1, id, { qty_done: product_uom_qty }]);
  const write = { model: PICKING, method: "write", args: [[pickingId], { move_line_ids: commands }] };
  await session.call(write, z.literal(true));
  const answer = await session.call({ model: PICKING, method: "button_validate", args: [[pickingId]] }, z.unknown());
  refuseWindow(answer, "validating its return");
}
