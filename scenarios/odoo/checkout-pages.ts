import { type Answer, findCsrfToken, isRecord, readJson, readPage, readRedirect, refuse, textOf } from "../lib/answer.ts";
import { readRpc, wrapRpc } from "../lib/api.ts";
import type { Product } from "../../src/domain/load/plan.ts";
import type { Step } from "../lib/step.ts";
import type { Transaction } from "../lib/transaction.ts";
import { variantOf } from "../lib/variant.ts";

const CART_VARIANTS = { form: postForm, json: sendJson };

/** addToCart opens a product page, adds one unit to the cart, and opens the cart. */
export function addToCart({ step, variants }: Transaction, product: Product): void {
  const page = step({ name: "checkout/product", path: withoutFragment(product.path) }, (answer) =>
    readPage(answer, /name="product_id"/),
  );
  variantOf(CART_VARIANTS, variants.cart)(step, { product, page });
  step({ name: "checkout/cart", path: "/shop/cart" }, (answer) =>
    readPage(answer, new RegExp(`data-product-id="${product.id}"`)),
  );
}

function postForm(step: Step, { product, page }: { product: Product; page: string }): void {
  const form = { csrf_token: findCsrfToken(page), product_id: String(product.id), add_qty: "1" };
  step({ name: "checkout/add", path: "/shop/cart/update", form }, (answer) => readRedirect(answer, "/shop/cart"));
}

function sendJson(step: Step, { product }: { product: Product }): void {
  const json = wrapRpc({
    product_template_id: product.templateId,
    product_id: product.id,
    quantity: 1,
    product_custom_attribute_values: [],
    no_variant_attribute_value_ids: [],
  });
  step({ name: "checkout/add", path: "/shop/cart/add", json }, readRpc);
}

/** Odoo adds the chosen attributes to the address of a product as a fragment. A browser does not send fragments. */
function withoutFragment(path: string): string {
  return path.split("#")[0] ?? path;
}

/** Address holds the values of a new shopper's address form, by the names of its fields. */
export type Address = Readonly<Record<"name" | "email" | "phone" | "street" | "city" | "zip" | "country_id", string>>;

const ADDRESS_VARIANTS = { page: postPage, submit: submitForm };

/** giveAddress goes from the cart to the checkout. The checkout requires an address of a new shopper first; giveAddress fills it in. */
export function giveAddress({ step, variants }: Transaction, address: Address): void {
  step({ name: "checkout/start", path: "/shop/checkout?express=1" }, (answer) => readRedirect(answer, "/shop/address"));
  const page = step({ name: "checkout/address-form", path: "/shop/address" }, (answer) => readPage(answer, /name="street"/));
  variantOf(ADDRESS_VARIANTS, variants.address)(step, { ...address, csrf_token: findCsrfToken(page) });
}

type Form = Readonly<Record<string, string>>;

function postPage(step: Step, values: Form): void {
  const form = { submitted: "1", partner_id: "-1", callback: "", field_required: "phone,name", use_same: "1", ...values };
  // An invalid form is shown again with status 200, so only the redirect is a success.
  step({ name: "checkout/address", path: "/shop/address", form }, (answer) => readRedirect(answer, "/shop/confirm_order"));
}

function submitForm(step: Step, values: Form): void {
  const form = { address_type: "billing", use_delivery_as_billing: "true", required_fields: "name,country_id", ...values };
  step({ name: "checkout/address", path: "/shop/address/submit", form }, readAccepted);
}

/** readAccepted asserts that an address was accepted. An invalid form is answered with status 200 too, with the names of its fields. */
export function readAccepted(answer: Answer): void {
  const result = readJson(answer);
  if (!isRecord(result)) refuse("the address is answered by no record");
  const next = textOf(result["redirectUrl"]) || textOf(result["successUrl"]);
  if (next.split("?")[0] !== "/shop/checkout") refuse(`the address is refused: ${JSON.stringify(result).slice(0, 120)}`);
}

const DELIVERY_VARIANTS = { none: () => {}, method: chooseMethod };

/** chooseDelivery chooses the delivery method, where the shop requires one. */
export function chooseDelivery(transaction: Transaction): void {
  variantOf(DELIVERY_VARIANTS, transaction.variants.delivery)(transaction);
}

/** Once the shopper has an address, the checkout shows the delivery methods instead of redirecting to the address form. */
function chooseMethod({ step, data }: Transaction): void {
  const offered = new RegExp(`data-dm-id="${data.carrierId}"`);
  step({ name: "checkout/start", path: "/shop/checkout?try_skip_step=true" }, (answer) => readPage(answer, offered));
  const json = wrapRpc({ dm_id: data.carrierId });
  step({ name: "checkout/delivery", path: "/shop/set_delivery_method", json }, readChosen);
}

function readChosen(answer: Answer): void {
  const result = readRpc(answer);
  if (!isRecord(result) || result["success"] === false) refuse(`the delivery method is refused: ${JSON.stringify(result)}`);
}

const CONFIRM_VARIANTS = { step: confirmOrder, none: () => {} };

/** confirmCart confirms address and delivery, where the shop has a request for it. */
export function confirmCart({ step, variants }: Transaction): void {
  variantOf(CONFIRM_VARIANTS, variants.confirm)(step);
}

function confirmOrder(step: Step): void {
  step({ name: "checkout/confirm-address", path: "/shop/confirm_order" }, (answer) => readRedirect(answer, "/shop/payment"));
}

/**
 * CONFIRMED are the forms in which the page shows a confirmed order: in words, by a check mark that only an order in state `sale`
 * has, or by the colour of the payment below the number, which differs when the order was not paid in full.
 */
const CONFIRMED = [
  /<h1>\s*<span>Order<\/span>\s*<em>([^<]+)<\/em>\s*<span>Confirmed<\/span>/,
  /<span>Order<\/span>\s*<span>([^<]+)<\/span>\s*<i class="fa fa-check-circle/,
  /id="order_name"[^]*?<span>Order<\/span>\s*<span>([^<]+)<\/span>[^]*?name="order_confirmation"[^>]*>\s*<div[^>]*alert-success/,
];

/** readConfirmedOrder opens the confirmation page and returns the number of the confirmed order. */
export function readConfirmedOrder({ step }: Transaction): string {
  return step({ name: "checkout/confirmation", path: "/shop/confirmation" }, readOrderName);
}

/** readOrderName finds the number of the order on a confirmation page. */
export function readOrderName(answer: Answer): string {
  const page = readPage(answer, /<span>Order<\/span>/);
  for (const pattern of CONFIRMED) {
    const [, name] = pattern.exec(page) ?? [];
    if (name !== undefined) return name;
  }
  return refuse("the confirmation page shows no confirmed order");
}
