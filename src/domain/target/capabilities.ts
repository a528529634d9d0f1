/**
 * Capabilities are the operations that differ between servers, each with its variants. `src/odoo/capabilities/` determines the variant
 * of a server once, before the load, and scenarios get it with the plan. No other code depends on the version of Odoo.
 */
export interface Capabilities {
  /** Other systems call methods in a session of the API user (`/web/dataset/call_kw`), or with an API key (`/json/2`). */
  readonly api: "session" | "key";
  /** A product gets into the cart by a posted form (`/shop/cart/update`), or by JSON (`/shop/cart/add`). */
  readonly cart: "form" | "json";
  /** The address is posted as a page (`/shop/address`), or handed in and answered in JSON (`/shop/address/submit`). */
  readonly address: "page" | "submit";
  /** The cart needs no delivery method before payment, or a method must be chosen (`/shop/set_delivery_method`). */
  readonly delivery: "none" | "method";
  /** Address and delivery are confirmed by a separate request (`/shop/confirm_order`), or payment follows at once. */
  readonly confirm: "step" | "none";
  /** Payment by an acquirer and its card token, by a provider's option, or by a provider and its payment method. */
  readonly payment: "acquirer" | "option" | "method";
  /** Payments are simulated by the module `payment_test` (a `payment.acquirer`) or `payment_demo` (a `payment.provider`). */
  readonly simulator: "test" | "demo";
  /** Picked quantity is written beside the reserved one (`qty_done`), or is the reserved one with a mark (`quantity`, `picked`). */
  readonly picking: "qty-done" | "picked";
  /** The field of a move line that holds its reserved quantity, in the line's own unit of measure. */
  readonly reserved: "product_uom_qty" | "reserved_uom_qty" | "quantity";
  /** Many counts are an inventory adjustment (`stock.inventory`), or go to the quants themselves. */
  readonly stockCount: "adjustment" | "quant";
  /** Goods that are kept in stock have a type of their own (`product`), or are goods with a mark (`is_storable`). */
  readonly storable: "type" | "mark";
  /** Tills hand over orders in a form of their own (`create_from_ui`), or as records with a number that they make up (`sync_from_ui`). */
  readonly storeOrders: "create-from-ui" | "sync-from-ui";
  /** The session of a till is closed by a button of the back office, or by the till, which counts its cash. */
  readonly tillClosing: "button" | "counted";
}

/** CapabilityName is the name of a capability, such as `cart`. */
export type CapabilityName = keyof Capabilities;

/** CapabilityVariants are the server's variants of the capabilities that the chosen scenarios require. Other capabilities are absent. */
export type CapabilityVariants = Partial<Capabilities>;
