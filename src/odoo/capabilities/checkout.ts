import { missingCapability, type Picker } from "./picker.ts";

const [JSON_ROUTE, FORM_ROUTE] = ["/shop/cart/add", "/shop/cart/update"];

/** cart is how a product is added to the cart. Where both routes answer, the second one is JSON too and only changes quantities. */
export const cart: Picker<"cart"> = {
  name: "cart",
  asks: { routes: [JSON_ROUTE, FORM_ROUTE] },
  pick({ routes, server }) {
    if (routes.has(JSON_ROUTE)) return "json";
    if (routes.has(FORM_ROUTE)) return "form";
    const lacks = `neither ${FORM_ROUTE} nor ${JSON_ROUTE} answers to a shopper`;
    throw missingCapability("cart", { module: "website_sale", lacks, server });
  },
};

const [SUBMIT_ROUTE, PAGE_ROUTE] = ["/shop/address/submit", "/shop/address"];

/** address is how a shopper's address is submitted. Both variants have the page with the form. */
export const address: Picker<"address"> = {
  name: "address",
  asks: { routes: [SUBMIT_ROUTE, PAGE_ROUTE] },
  pick({ routes, server }) {
    if (!routes.has(PAGE_ROUTE)) {
      const lacks = `${PAGE_ROUTE} does not answer to a shopper`;
      throw missingCapability("address", { module: "website_sale", lacks, server });
    }
    return routes.has(SUBMIT_ROUTE) ? "submit" : "page";
  },
};

const DELIVERY_ROUTE = "/shop/set_delivery_method";

/** delivery is whether a shopper must choose a delivery method. A shop without this step chooses one itself, or has no delivery. */
export const delivery: Picker<"delivery"> = {
  name: "delivery",
  asks: { routes: [DELIVERY_ROUTE] },
  pick: ({ routes }) => (routes.has(DELIVERY_ROUTE) ? "method" : "none"),
};

const [CONFIRM_ROUTE, PAYMENT_ROUTE] = ["/shop/confirm_order", "/shop/payment"];

/** confirm is whether a separate request confirms address and delivery before payment. */
export const confirm: Picker<"confirm"> = {
  name: "confirm",
  asks: { routes: [CONFIRM_ROUTE, PAYMENT_ROUTE] },
  pick({ routes, server }) {
    if (!routes.has(PAYMENT_ROUTE)) {
      const lacks = `${PAYMENT_ROUTE} does not answer to a shopper`;
      throw missingCapability("confirm", { module: "website_sale", lacks, server });
    }
    return routes.has(CONFIRM_ROUTE) ? "step" : "none";
  },
};

const [STATUS_ROUTE, PROCESS_ROUTE] = ["/payment/status/poll", "/payment/process/poll"];

/** payment is how a shopper pays. A poll of either route confirms a paid order; the older route is for acquirers only. */
export const payment: Picker<"payment"> = {
  name: "payment",
  asks: { routes: [STATUS_ROUTE, PROCESS_ROUTE], fields: { "payment.transaction": ["payment_method_id"] } },
  pick({ routes, fields, server }) {
    if (routes.has(STATUS_ROUTE))
      return fields.get("payment.transaction")?.has("payment_method_id") === true ? "method" : "option";
    if (routes.has(PROCESS_ROUTE)) return "acquirer";
    const lacks = `neither ${PROCESS_ROUTE} nor ${STATUS_ROUTE} answers to a shopper`;
    throw missingCapability("payment", { module: "payment", lacks, server });
  },
};

/** simulator is the module that simulates payments: the older one for acquirers, the newer one for providers. */
export const simulator: Picker<"simulator"> = {
  name: "simulator",
  asks: { modules: ["payment_test", "payment_demo"], fields: { "payment.transaction": ["provider_id", "acquirer_id"] } },
  pick({ modules, fields, server }) {
    const transaction = fields.get("payment.transaction");
    if (transaction?.has("provider_id") === true && modules.has("payment_demo")) return "demo";
    if (transaction?.has("acquirer_id") === true && modules.has("payment_test")) return "test";
    const module = transaction?.has("acquirer_id") === true ? "payment_test" : "payment_demo";
    throw missingCapability("simulator", { module, lacks: `the module ${module} is not installed`, server });
  },
};
