import type { Picker } from "./picker.ts";

const ROUTE = "/shop/set_delivery_method";

/** delivery tells whether a shopper must choose a delivery method. A shop without this step chooses by itself, or delivers nothing. */
export const delivery: Picker<"delivery"> = {
  name: "delivery",
  scenarios: ["checkout"],
  asks: { routes: [ROUTE] },
  pick: ({ routes }) => (routes.has(ROUTE) ? "method" : "none"),
};
