import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { idOf, manyToOne, searchRead } from "../search-read.ts";

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
