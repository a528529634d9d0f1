/**
 * Capabilities names the way in which a server does each thing that the harness asks of it. `src/odoo/capabilities/` finds them once,
 * before the load, from what the server has; scenarios get them with the plan. Behind them nothing knows a version of Odoo.
 */
export interface Capabilities {
  /** What the server calls itself, such as `17.0`: for people, never to choose by. */
  readonly version: string;
  /** A product gets into the cart by a posted form (`/shop/cart/update`), or by JSON (`/shop/cart/add`). */
  readonly cart: "form" | "json";
  /** The address is posted as a page (`/shop/address`), or handed in and answered in JSON (`/shop/address/submit`). */
  readonly address: "page" | "submit";
  /** The cart needs no word about its delivery before payment, or a method must be chosen (`/shop/set_delivery_method`). */
  readonly delivery: "none" | "method";
  /** Payment by an acquirer and its card token, by a provider's option, or by a provider and its payment method. */
  readonly payment: "acquirer" | "option" | "method";
  /** Picked quantity is written beside the reserved one (`qty_done`), or is the reserved one with a mark (`quantity`, `picked`). */
  readonly picking: "qty-done" | "picked";
  /** Many counts are an inventory adjustment (`stock.inventory`), or go to the quants themselves. */
  readonly stockCount: "adjustment" | "quant";
}
