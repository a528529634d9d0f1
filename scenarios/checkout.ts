import { chooseDistinct } from "./lib/hash.ts";
import { findCsrfToken, readPage, readRedirect } from "./lib/page.ts";
import type { Product } from "./lib/plan.ts";
import { refuse } from "./lib/step-failure.ts";
import type { Step } from "./lib/step.ts";
import type { Transaction } from "./lib/transaction.ts";
import { joinCampaign } from "./odoo/campaign.ts";
import { payWithTestCard } from "./odoo/payment.ts";

/** checkOut is one shopper from the shop's first page to a confirmed order, with one to `size` products in the cart. */
export function checkOut(transaction: Transaction): void {
  const { step, target, stamp, reference, choose, data, size, record } = transaction;
  const products = chooseDistinct(data.products, 1 + choose("lines", size), { choose, word: "product" });
  if (products.length === 0) throw new Error("the plan names no products");
  const email = `${reference}@loadtest.invalid`;
  const entry = { model: "sale.order", ref: reference };
  const detail = { email, lines: products.length };

  joinCampaign(target, `${stamp}shop`);
  step({ name: "checkout/shop", path: "/shop" }, (answer) => readPage(answer, /oe_product_cart/));
  record({ ...entry, ledger: "intent", id: null, detail });
  for (const product of products) addToCart(step, product);

  step({ name: "checkout/start", path: "/shop/checkout?express=1" }, (answer) => readRedirect(answer, "/shop/address"));
  const addressPage = step({ name: "checkout/address-form", path: "/shop/address" }, (answer) =>
    readPage(answer, /name="street"/),
  );
  const form = {
    csrf_token: findCsrfToken(addressPage),
    submitted: "1",
    partner_id: "-1",
    callback: "",
    field_required: "phone,name",
    use_same: "1",
    name: reference,
    email,
    phone: `+32 2 555 ${1000 + choose("phone", 9000)}`,
    street: `Market Street ${1 + choose("house", 200)}`,
    city: "Testville",
    zip: String(1000 + choose("zip", 9000)),
    country_id: String(data.countryId),
  };
  // A form with a mistake is shown again with status 200, so only the redirect is a success.
  step({ name: "checkout/address", path: "/shop/address", form }, (answer) => readRedirect(answer, "/shop/confirm_order"));
  step({ name: "checkout/confirm-address", path: "/shop/confirm_order" }, (answer) => readRedirect(answer, "/shop/payment"));
  const paymentPage = step({ name: "checkout/payment", path: "/shop/payment" }, (answer) =>
    readPage(answer, new RegExp(`data-acquirer-id="${data.acquirerId}"`)),
  );
  payWithTestCard(step, { paymentPage, csrfToken: findCsrfToken(paymentPage), acquirerId: data.acquirerId });

  const order = step({ name: "checkout/confirmation", path: "/shop/confirmation" }, (answer) => readOrderName(answer.body));
  record({ ...entry, ledger: "done", id: null, detail: { ...detail, order } });
}

function addToCart(step: Step, product: Product): void {
  const page = step({ name: "checkout/product", path: withoutFragment(product.path) }, (answer) =>
    readPage(answer, /name="product_id"/),
  );
  const form = { csrf_token: findCsrfToken(page), product_id: String(product.id), add_qty: "1" };
  step({ name: "checkout/add", path: "/shop/cart/update", form }, (answer) => readRedirect(answer, "/shop/cart"));
  step({ name: "checkout/cart", path: "/shop/cart" }, (answer) =>
    readPage(answer, new RegExp(`data-product-id="${product.id}"`)),
  );
}

/** The heading says "Confirmed" only where the order is in state `sale`. */
function readOrderName(page: string): string {
  const heading = /<h1><span>Order<\/span>\s*<em>([^<]+)<\/em>\s*<span>Confirmed<\/span>/.exec(page);
  return heading?.[1] ?? refuse("the confirmation page shows no confirmed order");
}

/** Odoo adds the chosen attributes to a product's address as a fragment, which is for the browser and never sent. */
function withoutFragment(path: string): string {
  return path.split("#")[0] ?? path;
}
