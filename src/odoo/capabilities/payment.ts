import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

const [STATUS_ROUTE, PROCESS_ROUTE] = ["/payment/status/poll", "/payment/process/poll"];

/** payment tells how a shopper pays. Both routes confirm a paid order when they are polled; the older one knows acquirers only. */
export const payment: Picker<"payment"> = {
  name: "payment",
  scenarios: ["checkout"],
  asks: { routes: [STATUS_ROUTE, PROCESS_ROUTE], fields: { "payment.transaction": ["payment_method_id"] } },
  pick({ routes, fields, server }) {
    if (routes.has(STATUS_ROUTE))
      return fields.get("payment.transaction")?.has("payment_method_id") === true ? "method" : "option";
    if (routes.has(PROCESS_ROUTE)) return "acquirer";
    const lacks = `neither ${PROCESS_ROUTE} nor ${STATUS_ROUTE} answers to a shopper`;
    throw missingCapability("payment", { module: "payment", lacks, server });
  },
};
