import { z } from "zod";

import { picking, reserved } from "../capabilities/stock.ts";
import { idOf, manyToOne, type OdooSession, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, startsWithStamp } from "./cleanup-area.ts";
import { type ReturnWizard, returnWizard } from "./cleanup-facts.ts";
import { findOrders } from "./orders.ts";
import { findSessions } from "./tills.ts";
import { inChunks, refuseWindow } from "./undo.ts";

const PICKING = "stock.picking";
const MOVE = "stock.move";
const WIZARD = "stock.return.picking";
const WIZARD_LINE = "stock.return.picking.line";

const CREATE_RETURN: Readonly<Record<ReturnWizard, string>> = {
  location: "create_returns",
  "operation-type": "action_create_returns",
};

/** Quantities below this limit count as zero: Odoo rounds quantities to hundredths. */
const NOTHING = 1e-6;

const pickingShape = z.object({ id: z.number(), name: z.string(), location_id: manyToOne });
const stateShape = z.object({ state: z.string() });
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
const wizardLineShape = z.object({ id: z.number(), move_id: manyToOne, uom_id: manyToOne });
const createdShape = z.object({ res_id: z.number() });

type Move = z.infer<typeof moveShape>;
type Server = Pick<CleanupWork, "session" | "facts">;

/** DeliveredMove is one delivered product and its returned quantity. Quantities are in the product's unit. */
interface DeliveredMove {
  readonly id: number;
  readonly productId: number;
  /** The unit of the delivery. */
  readonly unitId: number | null;
  /** Number of units of the delivery in one unit of the product. */
  readonly unitsEach: number;
  readonly quantity: number;
  readonly returned: number;
  /** Quantity of returns that are not validated. */
  readonly underWay: number;
}

/** Delivery is a done picking. */
interface Delivery {
  readonly id: number;
  readonly name: string;
  /** The source location of the goods. */
  readonly locationId: number;
  readonly moves: readonly DeliveredMove[];
  /** Done pickings that returned goods of the delivery. */
  readonly returns: readonly { readonly id: number; readonly name: string }[];
  /** Pickings that return goods of the delivery and are not validated. */
  readonly openReturns: readonly number[];
}

/**
 * deliveries is the area of the done pickings of the run's waves, orders and tills. A done picking cannot be undone, so its goods
 * are returned.
 */
export const deliveries: CleanupArea = {
  label: "done deliveries",
  scenarios: ["picking-wave", "order-import", "checkout", "store-orders"],
  async scan(work) {
    return (await findDeliveries(work)).flatMap((delivery) => [
      {
        model: PICKING,
        id: delivery.id,
        name: delivery.name,
        irreversible: isReturned(delivery) ? "done, goods returned" : null,
      },
      ...delivery.returns.map(({ id, name }) => ({ model: PICKING, id, name, irreversible: "done, return of a delivery" })),
    ]);
  },
  async clear(work) {
    for (const delivery of await findDeliveries(work)) {
      if (isReturned(delivery)) continue;
      const ids = await inChunks(work, { model: PICKING, ids: [delivery.id] }, () => returnDelivery(work, delivery));
      work.tally.add(PICKING, "reversed", ids.length);
    }
  },
};

/**
 * findDeliveries searches by batch, order and till only if the scenarios need their modules: the fields are missing otherwise.
 */
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

/** readDeliveries reads the done pickings that match a domain, with their returns. A return is not a delivery. */
async function readDeliveries(session: OdooSession, domain: readonly unknown[]): Promise<readonly Delivery[]> {
  const search = { model: PICKING, domain: [["state", "=", "done"], ...domain], fields: ["name", "location_id"] };
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
      openReturns: pickingsOf(ownBack.filter(({ state }) => state !== "done")).map((open) => open.id),
    };
  });
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
  return searchRead(session, { model: MOVE, domain, fields }, moveShape);
}

function pickingsOf(moves: readonly Move[]): readonly { readonly id: number; readonly name: string }[] {
  const pairs = moves.flatMap(({ picking_id }) => (picking_id === false ? [] : [picking_id]));
  return [...new Map(pairs)].map(([id, name]) => ({ id, name }));
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

/** isReturned says whether all goods of a delivery were returned. */
function isReturned({ moves }: Delivery): boolean {
  return moves.every(({ quantity, returned }) => returned > quantity - NOTHING);
}

/**
 * returnDelivery returns the goods of a delivery: first it validates the returns of an earlier cleanup, then it returns the rest.
 */
async function returnDelivery(server: Server, delivery: Delivery): Promise<void> {
  for (const id of delivery.openReturns) await receive(server, id, delivery);
  const missing = missingMoves(delivery);
  if (missing.length === 0) return;
  const { session, facts } = server;
  const variant = returnWizard.pick(facts);
  // By default, Odoo also reduces the delivered quantity of the order.
  const lines = missing.map(({ id, productId, quantity }) => [0, 0, { product_id: productId, quantity, move_id: id }]);
  const destination = variant === "location" ? { location_id: delivery.locationId } : {};
  const values = { picking_id: delivery.id, product_return_moves: lines, ...destination };
  const wizard = await session.call({ model: WIZARD, method: "create", args: [values] }, z.number());
  await convertUnits(session, wizard, missing);
  const created = await session.call({ model: WIZARD, method: CREATE_RETURN[variant], args: [[wizard]] }, createdShape);
  await receive(server, created.res_id, delivery);
}

/** missingMoves returns the moves with goods that are neither returned nor under way, and the missing quantity of each. */
function missingMoves({ moves }: Delivery): readonly DeliveredMove[] {
  return moves
    .map((move) => ({ ...move, quantity: move.quantity - move.returned - move.underWay }))
    .filter(({ quantity }) => quantity > NOTHING);
}

/**
 * convertUnits corrects the quantities of the wizard: its lines are in the product's unit, or from 19 on in the delivery's unit.
 */
async function convertUnits(session: OdooSession, wizard: number, moves: readonly DeliveredMove[]): Promise<void> {
  if (moves.every(({ unitsEach }) => unitsEach === 1)) return;
  const search = { model: WIZARD_LINE, domain: [["wizard_id", "=", wizard]], fields: ["move_id", "uom_id"] };
  for (const { id, move_id, uom_id } of await searchRead(session, search, wizardLineShape)) {
    const move = moves.find((one) => one.id === idOf(move_id));
    if (move === undefined || move.unitsEach === 1 || idOf(uom_id) !== move.unitId) continue;
    const values = { quantity: move.quantity * move.unitsEach };
    await session.call({ model: WIZARD_LINE, method: "write", args: [[id], values] }, z.literal(true));
  }
}

/** receive marks all goods of a return as received at the source location of the delivery, and validates the return. */
async function receive(server: Server, pickingId: number, { locationId }: Delivery): Promise<void> {
  const { session, facts } = server;
  if (returnWizard.pick(facts) === "operation-type") {
    const move = { model: PICKING, method: "write", args: [[pickingId], { location_dest_id: locationId }] };
    await session.call(move, z.literal(true));
  }
  // If the server marks picked goods with a flag, it validates a picking without any flag as a whole.
  if (picking.pick(facts) === "qty-done") await setReceived(server, pickingId);
  const answer = await session.call({ model: PICKING, method: "button_validate", args: [[pickingId]] }, z.unknown());
  // A dictionary as the answer is either a question, or a report that Odoo offers after the validation.
  const search = { model: PICKING, domain: [["id", "=", pickingId]], fields: ["state"] };
  const [validated] = await searchRead(session, search, stateShape);
  if (validated?.state !== "done") refuseWindow(answer, "validating its return");
}

async function setReceived({ session, facts }: Server, pickingId: number): Promise<void> {
  const field = reserved.pick(facts);
  const domain = [
    ["picking_id", "=", pickingId],
    ["state", "not in", ["done", "cancel"]],
  ];
  const search = { model: "stock.move.line", domain, fields: [field] };
  const lines = await searchRead(session, search, z.record(z.string(), z.number()));
  const commands = lines.map((line) => [1, line["id"], { qty_done: line[field] }]);
  const write = { model: PICKING, method: "write", args: [[pickingId], { move_line_ids: commands }] };
  await session.call(write, z.literal(true));
}
