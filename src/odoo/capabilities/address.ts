import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

const [SUBMIT_ROUTE, PAGE_ROUTE] = ["/shop/address/submit", "/shop/address"];

/** address tells how a shopper's address is handed in. The page with its form is there either way. */
export const address: Picker<"address"> = {
  name: "address",
  scenarios: ["checkout"],
  asks: { routes: [SUBMIT_ROUTE, PAGE_ROUTE] },
  pick({ routes, server }) {
    if (!routes.has(PAGE_ROUTE)) {
      const lacks = `${PAGE_ROUTE} does not answer to a shopper`;
      throw missingCapability("address", { module: "website_sale", lacks, server });
    }
    return routes.has(SUBMIT_ROUTE) ? "submit" : "page";
  },
};
