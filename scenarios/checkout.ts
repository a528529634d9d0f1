import http from "k6/http";

import { readPage } from "./lib/answer.ts";
import { chooseDistinct } from "./lib/hash.ts";
import type { ArmTarget } from "../src/domain/load/plan.ts";
import type { Transaction } from "./lib/transaction.ts";
import { addToCart, chooseDelivery, confirmCart, giveAddress, readConfirmedOrder } from "./odoo/checkout-pages.ts";
import { pay } from "./odoo/payment.ts";

/** checkOut is one shopper, from the shop page to a confirmed order, with one to `size` products in the cart. */
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
  for (const product of products) addToCart(transaction, product);
  giveAddress(transaction, {
    name: reference,
    email,
    phone: `+32 2 555 ${1000 + choose("phone", 9000)}`,
    street: `Market Street ${1 + choose("house", 200)}`,
    city: "Testville",
    zip: String(1000 + choose("zip", 9000)),
    country_id: String(data.countryId),
  });
  chooseDelivery(transaction);
  confirmCart(transaction);
  pay(transaction);
  const order = readConfirmedOrder(transaction);
  record({ ...entry, ledger: "done", id: null, detail: { ...detail, order } });
}

/**
 * joinCampaign sets the cookie of an advertising campaign. Odoo writes the campaign into the cart. A cart without an address belongs
 * to the public user, and only the campaign identifies the run that created it.
 */
function joinCampaign(target: ArmTarget, campaign: string): void {
  http.cookieJar().set(target.baseUrl, "odoo_utm_campaign", campaign);
}
