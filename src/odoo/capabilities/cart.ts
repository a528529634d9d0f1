import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

const [JSON_ROUTE, FORM_ROUTE] = ["/shop/cart/add", "/shop/cart/update"];

/** cart tells how a product gets into the cart. Where both routes answer, the second one is JSON too, and only changes quantities. */
export const cart: Picker<"cart"> = {
  name: "cart",
  scenarios: ["checkout"],
  asks: { routes: [JSON_ROUTE, FORM_ROUTE] },
  pick({ routes, server }) {
    if (routes.has(JSON_ROUTE)) return "json";
    if (routes.has(FORM_ROUTE)) return "form";
    const lacks = `neither ${FORM_ROUTE} nor ${JSON_ROUTE} answers to a shopper`;
    throw missingCapability("cart", { module: "website_sale", lacks, server });
  },
};
