import { z } from "zod";
import { searchRead } from "../search-read.ts";
import type { CleanupWork } from "./cleanup-area.ts";
import { type CountedStock, counterName, describeShortfalls } from "./counted-stock.ts";
import { attempt } from "./in-chunks.ts";

/** Where the stock of a product at a location stands. */
const QUANT = "stock.quant";

const shape = z.object({ id: z.number(), quantity: z.number() });

/**
 * quantBack takes back what the counts of a run changed for one product at one location, by a count of its own that bears the run's
 * stamp. It states what is there now less what the run changed: what others have moved meanwhile stays moved. Why that was not
 * possible is noted for the counts' `moves`.
 */
export async function quantBack(
  work: CleanupWork,
  moves: { readonly model: string; readonly ids: readonly number[] },
  { productId, locationId, change }: CountedStock,
): Promise<void> {
  const { session, tally, stamp } = work;
  const domain = [
    ["product_id", "=", productId],
    ["location_id", "=", locationId],
    // The load counts what lies there loose and belongs to the shop.
    ["lot_id", "=", false],
    ["package_id", "=", false],
    ["owner_id", "=", false],
  ];
  // Under load Odoo may put a second row beside a locked one, to be merged later: the fullest one can give most.
  const rows = await searchRead(session, { model: QUANT, domain, fields: ["quantity"], order: "quantity desc, id" }, shape);
  const target = (rows[0]?.quantity ?? 0) - change;
  if (target < 0) {
    tally.refuse(moves.model, moves.ids, describeShortfalls([{ productId, missing: -target }]));
    return;
  }
  // One call that counts and applies: a cleanup that is killed leaves no count that waits.
  const kwargs = { context: { inventory_mode: true, inventory_name: counterName(stamp) } };
  const count = { inventory_quantity_auto_apply: target };
  const isDone = await attempt(work, moves, async () => {
    const [row] = rows;
    if (row !== undefined) {
      await session.call({ model: QUANT, method: "write", args: [[row.id], count], kwargs }, z.literal(true));
      return;
    }
    const values = { product_id: productId, location_id: locationId, ...count };
    await session.call({ model: QUANT, method: "create", args: [values], kwargs }, z.number());
  });
  if (isDone) tally.add(QUANT, "reversed", 1);
}
