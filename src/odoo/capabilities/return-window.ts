import type { ServerFacts } from "./server-facts.ts";

/**
 * ReturnWindow is how the window that returns a delivery is used: up to 17 it is told where the goods go and creates the return by
 * `create_returns`, from 18 on it sends them where the type of operation says and is asked by `action_create_returns`.
 */
export type ReturnWindow = "told" | "by-type";

export const returnWindow = {
  asks: { fields: { "stock.return.picking": ["location_id"] } },
  pick: ({ fields }: ServerFacts): ReturnWindow =>
    fields.get("stock.return.picking")?.has("location_id") === true ? "told" : "by-type",
};
