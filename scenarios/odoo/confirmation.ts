import { readPage } from "../lib/page.ts";
import type { Answer } from "../lib/classify.ts";
import { refuse } from "../lib/step-failure.ts";
import type { Transaction } from "../lib/transaction.ts";

/**
 * Where the page names the order, and says that it is confirmed: in words, by a check mark that only an order in state `sale`
 * gets, or by the colour of the payment below it, which is another one when the order was not paid in full.
 */
const CONFIRMED = [
  /<h1>\s*<span>Order<\/span>\s*<em>([^<]+)<\/em>\s*<span>Confirmed<\/span>/,
  /<span>Order<\/span>\s*<span>([^<]+)<\/span>\s*<i class="fa fa-check-circle/,
  /id="order_name"[^]*?<span>Order<\/span>\s*<span>([^<]+)<\/span>[^]*?name="order_confirmation"[^>]*>\s*<div[^>]*alert-success/,
];

/** readConfirmedOrder gives the number of the order that the shop confirms at the end. */
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
