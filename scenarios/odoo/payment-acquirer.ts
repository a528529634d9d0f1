import { readRpc, wrapRpc } from "../lib/api.ts";
import { isRecord } from "../lib/classify.ts";
import type { Answer } from "../lib/classify.ts";
import { findCsrfToken, findInput, readPage, readRedirect } from "../lib/page.ts";
import { refuse } from "../lib/step-failure.ts";
import type { Transaction } from "../lib/transaction.ts";
import { pollUntilDone } from "./payment-poll.ts";
import { readAcquirerState } from "./payment-state.ts";

/** payByAcquirer pays the cart by the card of an acquirer, as the payment page does it: card, token, wait. */
export function payByAcquirer({ step, data }: Transaction): void {
  const offered = new RegExp(`data-acquirer-id="${data.providerId}"`);
  const page = step({ name: "checkout/payment", path: "/shop/payment" }, (answer) => readPage(answer, offered));
  const card = {
    acquirer_id: String(data.providerId),
    partner_id: findInput(page, "partner_id"),
    cc_number: "4111 1111 1111 1111",
    cc_holder_name: "Load Test",
    cc_expiry: "12 / 39",
    cc_brand: "visa",
    cvc: "123",
  };
  const token = step({ name: "checkout/card", path: "/payment/test/s2s/create_json_3ds", json: wrapRpc(card) }, readToken);
  const form = { csrf_token: findCsrfToken(page), pm_id: String(token) };
  step({ name: "checkout/pay", path: "/shop/payment/token", form }, (answer) => readRedirect(answer, "/payment/process"));
  step({ name: "checkout/processing", path: "/payment/process" }, (answer) =>
    readPage(answer, /o_payment_process|payment_process/),
  );
  pollUntilDone(() =>
    step({ name: "checkout/payment-status", path: "/payment/process/poll", json: wrapRpc({}) }, readAcquirerState),
  );
}

function readToken(answer: Answer): number {
  const result = readRpc(answer);
  const token = isRecord(result) ? result["id"] : undefined;
  return typeof token === "number" ? token : refuse("the card gave no payment token");
}
