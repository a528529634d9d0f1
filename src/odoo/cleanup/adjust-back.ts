import { z } from "zod";
import { idOf, manyToOne, searchRead } from "../search-read.ts";
import type { CleanupWork } from "./cleanup-area.ts";
import { type CountedStock, counterName, type Shortfall } from "./counted-stock.ts";
import { refuseWindow } from "./refuse-window.ts";

const MODEL = "stock.inventory";
const LINE = "stock.inventory.line";

const lineShape = z.object({ id: z.number(), product_id: manyToOne, location_id: manyToOne, theoretical_qty: z.number() });

/**
 * adjustBack takes back what the counts of a run changed, by a count of its own that bears the run's stamp. It states what is
 * there now less what the run changed, and not the figure from before the run: what others have moved meanwhile stays moved.
 */
export async function adjustBack(work: CleanupWork, counted: readonly CountedStock[]): Promise<readonly Shortfall[]> {
  const { session, stamp } = work;
  const lines = counted.map(({ productId, locationId }) => [0, 0, { product_id: productId, location_id: locationId }]);
  const values = {
    name: counterName(stamp),
    location_ids: [[6, 0, [...new Set(counted.map(({ locationId }) => locationId))]]],
    product_ids: [[6, 0, [...new Set(counted.map(({ productId }) => productId))]]],
    line_ids: lines,
  };
  const id = await session.call({ model: MODEL, method: "create", args: [values] }, z.number());
  // Odoo has noted with each line how much is there: its move will be the difference to that.
  const fields = ["product_id", "location_id", "theoretical_qty"];
  const made = await searchRead(session, { model: LINE, domain: [["inventory_id", "=", id]], fields }, lineShape);
  const targets = made.map((line) => ({ ...line, target: line.theoretical_qty - changeOf(line, counted) }));
  const [possible, short] = [targets.filter(({ target }) => target >= 0), targets.filter(({ target }) => target < 0)];
  if (possible.length === 0) {
    await session.call({ model: MODEL, method: "unlink", args: [[id]] }, z.literal(true));
    return short.map(toShortfall);
  }
  const commands = [
    ...possible.map(({ id: line, target }) => [1, line, { product_qty: target }]),
    ...short.map(({ id: line }) => [2, line, 0]),
  ];
  await session.call({ model: MODEL, method: "write", args: [[id], { line_ids: commands }] }, z.literal(true));
  // Starting answers with the window that a person would see next.
  await session.call({ model: MODEL, method: "action_start", args: [[id]] }, z.unknown());
  refuseWindow(await session.call({ model: MODEL, method: "action_validate", args: [[id]] }, z.unknown()), "taking counts back");
  return short.map(toShortfall);
}

type Line = z.infer<typeof lineShape>;

function changeOf({ product_id, location_id }: Line, counted: readonly CountedStock[]): number {
  const own = counted.find(({ productId, locationId }) => productId === idOf(product_id) && locationId === idOf(location_id));
  return own?.change ?? 0;
}

function toShortfall({ product_id, target }: Line & { readonly target: number }): Shortfall {
  return { productId: idOf(product_id) ?? 0, missing: -target };
}
