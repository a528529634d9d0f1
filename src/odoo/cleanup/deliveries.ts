import { z } from "zod";

import { picking, reserved } from "../capabilities/stock.ts";
import { idOf, manyToOne, type OdooSession, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, startsWithStamp } from "./cleanup-area.ts";
import { type ReturnWindow, returnWindow } from "./cleanup-facts.ts";
import { findOrders } from "./orders.ts";
import { findSessions } from "./tills.ts";
import { inChunks, refuseWindow } from "./undo.ts";

const MODEL = "stock.picking";

/**
 * deliveries are done pickings: of the run's waves, of its orders, and of its tills. What was delivered stays delivered, so the
 * goods come back.
 */
export const deliveries: CleanupArea = {
  label: "done deliveries",
  scenarios: ["picking-wave", "order-import", "checkout", "store-orders"],
  async scan(work) {
    return (await findDeliveries(work)).flatMap((delivery) => [
      { model: MODEL, id: delivery.id, name: delivery.name, irreversible: isReturned(delivery) ? "done, goods returned" : null },
      ...delivery.returns.map(({ id, name }) => ({ model: MODEL, id, name, irreversible: "done, brought goods back" })),
    ]);
  },
  async clear(work) {
    for (const delivery of await findDeliveries(work)) {
      if (isReturned(delivery)) continue;
      const ids = await inChunks(work, { model: MODEL, ids: [delivery.id] }, () => returnDelivery(work, delivery));
      work.tally.add(MODEL, "reversed", ids.length);
    }
  },
};

/** Pickings have orders, batches and tills only where the modules of the scenarios that need them are installed. */
async function findDeliveries(work: CleanupWork): Promise<readonly Delivery[]> {
  const { session, scenarios } = work;
  const origins: unknown[] = [];
  if (scenarios.includes("picking-wave")) origins.push(["batch_id.name", "=like", startsWithStamp(work)]);
  if (scenarios.includes("order-import") || scenarios.includes("checkout")) {
    origins.push(["sale_id", "in", (await findOrders(work)).map(({ id }) => id)]);
  }
  if (scenarios.includes("store-orders")) {
    origins.push(["pos_session_id", "in", (await findSessions(work)).map(({ id }) => id)]);
  }
  return readDeliveries(session, [...origins.slice(1).map(() => "|"), ...origins]);
}

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

/** DeliveredMove is one product that went out, and what of it came back or is on its way back, in the product's own unit. */
export interface DeliveredMove {
  readonly id: number;
  readonly productId: number;
  /** The unit in which it was delivered, and how many of it are one of the product's own. */
  readonly unitId: number | null;
  readonly unitsEach: number;
  readonly quantity: number;
  readonly returned: number;
  readonly underWay: number;
}

/** Delivery is a picking that is done. */
export interface Delivery {
  readonly id: number;
  readonly name: string;
  /** Where the goods lay. */
  readonly locationId: number;
  readonly moves: readonly DeliveredMove[];
  /** Pickings that brought some of it back. */
  readonly returns: readonly { readonly id: number; readonly name: string }[];
  /** Pickings that were made to take it back and were not validated. */
  readonly openReturns: readonly number[];
}

/** Quantities that differ by less are the same: Odoo rounds to hundredths. */
const NOTHING = 1e-6;

const pickingShape = z.object({ id: z.number(), name: z.string(), location_id: manyToOne });
const moveShape = z.object({
  id: z.number(),
  picking_id: manyToOne,
  product_id: manyToOne,
  product_qty: z.number(),
  product_uom: manyToOne,
  product_uom_qty: z.number(),
  state: z.string(),
  origin_returned_move_id: manyToOne,
});

type Move = z.infer<typeof moveShape>;

/** isReturned says whether everything that went out came back. */
export function isReturned({ moves }: Delivery): boolean {
  return moves.every(({ quantity, returned }) => returned > quantity - NOTHING);
}

/** missingMoves are those that neither came back nor are under way, with what is missing of each. */
export function missingMoves({ moves }: Delivery): readonly DeliveredMove[] {
  return moves
    .map((move) => ({ ...move, quantity: move.quantity - move.returned - move.underWay }))
    .filter(({ quantity }) => quantity > NOTHING);
}

/** readDeliveries reads the done pickings that match a domain, with what came back of them. Returns are no deliveries. */
export async function readDeliveries(session: OdooSession, domain: readonly unknown[]): Promise<readonly Delivery[]> {
  const search = { model: "stock.picking", domain: [["state", "=", "done"], ...domain], fields: ["name", "location_id"] };
  const pickings = await searchRead(session, search, pickingShape);
  const done = await readMoves(session, [
    ["picking_id", "in", pickings.map(({ id }) => id)],
    ["state", "=", "done"],
  ]);
  const out = done.filter(({ origin_returned_move_id }) => origin_returned_move_id === false);
  const back = await readMoves(session, [
    ["origin_returned_move_id", "in", out.map(({ id }) => id)],
    ["state", "!=", "cancel"],
  ]);
  return pickings.flatMap(({ id, name, location_id }) => {
    const own = out.filter((move) => idOf(move.picking_id) === id);
    if (own.length === 0) return [];
    const ownIds = new Set(own.map((move) => move.id));
    const ownBack = back.filter(({ origin_returned_move_id }) => ownIds.has(idOf(origin_returned_move_id) ?? 0));
    return {
      id,
      name,
      locationId: idOf(location_id) ?? 0,
      moves: own.flatMap((move) => describeMove(move, ownBack)),
      returns: pickingsOf(ownBack.filter(({ state }) => state === "done")),
      openReturns: pickingsOf(ownBack.filter(({ state }) => state !== "done")).map((picking) => picking.id),
    };
  });
}

function pickingsOf(moves: readonly Move[]): readonly { readonly id: number; readonly name: string }[] {
  const pairs = moves.flatMap(({ picking_id }) => (picking_id === false ? [] : [picking_id]));
  return [...new Map(pairs)].map(([id, name]) => ({ id, name }));
}

async function readMoves(session: OdooSession, domain: readonly unknown[]): Promise<readonly Move[]> {
  const fields = [
    "picking_id",
    "product_id",
    "product_qty",
    "product_uom",
    "product_uom_qty",
    "state",
    "origin_returned_move_id",
  ];
  return searchRead(session, { model: "stock.move", domain, fields }, moveShape);
}

function describeMove(move: Move, back: readonly Move[]): readonly DeliveredMove[] {
  const productId = idOf(move.product_id);
  if (productId === null) return [];
  const own = back.filter(({ origin_returned_move_id }) => idOf(origin_returned_move_id) === move.id);
  const sum = (moves: readonly Move[]) => moves.reduce((total, { product_qty }) => total + product_qty, 0);
  const returned = sum(own.filter(({ state }) => state === "done"));
  const unitsEach = move.product_qty === 0 ? 1 : move.product_uom_qty / move.product_qty;
  const unit = { unitId: idOf(move.product_uom), unitsEach };
  return [{ id: move.id, productId, ...unit, quantity: move.product_qty, returned, underWay: sum(own) - returned }];
}
