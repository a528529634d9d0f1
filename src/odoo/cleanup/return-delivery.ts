import { z } from "zod";
import { picking } from "../capabilities/picking.ts";
import { reserved } from "../capabilities/reserved.ts";
import { type ReturnWindow, returnWindow } from "../capabilities/return-window.ts";
import type { OdooSession } from "../odoo-session.ts";
import { idOf, manyToOne, searchRead } from "../search-read.ts";
import type { CleanupWork } from "./cleanup-area.ts";
import { type DeliveredMove, type Delivery, missingMoves } from "./read-deliveries.ts";
import { refuseWindow } from "./refuse-window.ts";

const WIZARD = "stock.return.picking";
const WIZARD_LINE = "stock.return.picking.line";
const PICKING = "stock.picking";

const METHOD: Readonly<Record<ReturnWindow, string>> = { told: "create_returns", "by-type": "action_create_returns" };

type Server = Pick<CleanupWork, "session" | "facts">;

/** returnDelivery brings back what went out: first what an earlier cleanup began, then what is missing still. */
export async function returnDelivery(server: Server, delivery: Delivery): Promise<void> {
  for (const id of delivery.openReturns) await receive(server, id, delivery);
  const missing = missingMoves(delivery);
  if (missing.length === 0) return;
  const { session, facts } = server;
  const way = returnWindow.pick(facts);
  // By default the order's delivered quantity goes down again as well.
  const lines = missing.map(({ id, productId, quantity }) => [0, 0, { product_id: productId, quantity, move_id: id }]);
  const place = way === "told" ? { location_id: delivery.locationId } : {};
  const values = { picking_id: delivery.id, product_return_moves: lines, ...place };
  const wizard = await session.call({ model: WIZARD, method: "create", args: [values] }, z.number());
  await useUnits(session, wizard, missing);
  const window = z.object({ res_id: z.number() });
  const { res_id } = await session.call({ model: WIZARD, method: METHOD[way], args: [[wizard]] }, window);
  await receive(server, res_id, delivery);
}

/** The window counts in the product's unit, or from 19 on in that of the delivery: its lines say in which. */
async function useUnits(session: OdooSession, wizard: number, moves: readonly DeliveredMove[]): Promise<void> {
  if (moves.every(({ unitsEach }) => unitsEach === 1)) return;
  const search = { model: WIZARD_LINE, domain: [["wizard_id", "=", wizard]], fields: ["move_id", "uom_id"] };
  const lines = await searchRead(session, search, z.object({ id: z.number(), move_id: manyToOne, uom_id: manyToOne }));
  for (const { id, move_id, uom_id } of lines) {
    const move = moves.find((one) => one.id === idOf(move_id));
    if (move === undefined || move.unitsEach === 1 || idOf(uom_id) !== move.unitId) continue;
    const values = { quantity: move.quantity * move.unitsEach };
    await session.call({ model: WIZARD_LINE, method: "write", args: [[id], values] }, z.literal(true));
  }
}

/** receive states everything that is expected as received, where the goods lay before, and validates the picking. */
async function receive(server: Server, pickingId: number, { locationId }: Delivery): Promise<void> {
  const { session, facts } = server;
  if (returnWindow.pick(facts) === "by-type") {
    const place = { model: PICKING, method: "write", args: [[pickingId], { location_dest_id: locationId }] };
    await session.call(place, z.literal(true));
  }
  // Where picked goods bear a mark, a picking of which nothing is marked is validated whole.
  if (picking.pick(facts) === "qty-done") await stateReceived(server, pickingId);
  const answer = await session.call({ model: PICKING, method: "button_validate", args: [[pickingId]] }, z.unknown());
  // A dictionary is a question, or a report that is offered when all is done.
  const search = { model: PICKING, domain: [["id", "=", pickingId]], fields: ["state"] };
  const [picked] = await searchRead(session, search, z.object({ state: z.string() }));
  if (picked?.state !== "done") refuseWindow(answer, "validating its return");
}

async function stateReceived({ session, facts }: Server, pickingId: number): Promise<void> {
  const field = reserved.pick(facts);
  const domain = [
    ["picking_id", "=", pickingId],
    ["state", "not in", ["done", "cancel"]],
  ];
  const lines = await searchRead(
    session,
    { model: "stock.move.line", domain, fields: [field] },
    z.record(z.string(), z.number()),
  );
  const commands = lines.map((line) => [1, line["id"], { qty_done: line[field] }]);
  const write = { model: PICKING, method: "write", args: [[pickingId], { move_line_ids: commands }] };
  await session.call(write, z.literal(true));
}
