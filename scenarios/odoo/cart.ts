import { readRpc, wrapRpc } from "../lib/api.ts";
import { findCsrfToken, readPage, readRedirect } from "../lib/page.ts";
import type { Product } from "../lib/plan.ts";
import type { Step } from "../lib/step.ts";
import type { Transaction } from "../lib/transaction.ts";
import { wayOf } from "../lib/way.ts";

const WAYS = { form: postForm, json: sendJson };

/** addToCart looks at a product, adds one unit of it, and looks at the cart. */
export function addToCart({ step, ways }: Transaction, product: Product): void {
  const page = step({ name: "checkout/product", path: withoutFragment(product.path) }, (answer) =>
    readPage(answer, /name="product_id"/),
  );
  wayOf(WAYS, ways.cart)(step, { product, page });
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

/** Odoo adds the chosen attributes to a product's address as a fragment, which is for the browser and never sent. */
function withoutFragment(path: string): string {
  return path.split("#")[0] ?? path;
}
