import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

const [ROUTE, NEXT] = ["/shop/confirm_order", "/shop/payment"];

/** confirm tells whether address and delivery are confirmed by a request of their own before payment. */
export const confirm: Picker<"confirm"> = {
  name: "confirm",
  scenarios: ["checkout"],
  asks: { routes: [ROUTE, NEXT] },
  pick({ routes, server }) {
    if (!routes.has(NEXT)) {
      const lacks = `${NEXT} does not answer to a shopper`;
      throw missingCapability("confirm", { module: "website_sale", lacks, server });
    }
    return routes.has(ROUTE) ? "step" : "none";
  },
};
