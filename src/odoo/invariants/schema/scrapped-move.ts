import type { Columns } from "./columns.ts";

/** scrappedMove says whether move `m` to location `d` threw goods away: 19 dropped the mark and knows it by where they went. */
export function scrappedMove(columns: Columns): string {
  return columns.has("stock_move.scrapped") ? "coalesce(m.scrapped, false)" : "(d.usage = 'inventory')";
}
