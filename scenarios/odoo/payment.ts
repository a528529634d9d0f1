import { sleep } from "k6";
import { isRecord, textOf } from "../lib/classify.ts";
import type { Answer } from "../lib/classify.ts";
import { findInput, readPage, readRedirect } from "../lib/page.ts";
import { readRpc, wrapRpc } from "../lib/rpc.ts";
import { refuse, StepFailure } from "../lib/step-failure.ts";
import type { Step } from "../lib/step.ts";

/** The first poll confirms the order and the second sees it done; the others are for Odoo asking to try again. */
const MAXIMUM_POLLS = 10;
const POLL_PAUSE_S = 0.5;

/** payWithTestCard pays the cart with the test acquirer of Odoo 14, as the payment page does it: card, token, wait, validate. */
export function payWithTestCard(step: Step, options: { paymentPage: string; csrfToken: string; acquirerId: number }): void {
  const { paymentPage, csrfToken, acquirerId } = options;
  const card = {
    acquirer_id: String(acquirerId),
    partner_id: findInput(paymentPage, "partner_id"),
    cc_number: "4111 1111 1111 1111",
    cc_holder_name: "Load Test",
    cc_expiry: "12 / 39",
    cc_brand: "visa",
    cvc: "123",
  };
  const token = step({ name: "checkout/card", path: "/payment/test/s2s/create_json_3ds", json: wrapRpc(card) }, readToken);
  const form = { csrf_token: csrfToken, pm_id: String(token) };
  step({ name: "checkout/pay", path: "/shop/payment/token", form }, (answer) => readRedirect(answer, "/payment/process"));
  step({ name: "checkout/processing", path: "/payment/process" }, (answer) =>
    readPage(answer, /o_payment_process|payment_process/),
  );
  waitUntilProcessed(step);
  step({ name: "checkout/validate", path: "/shop/payment/validate" }, (answer) => readRedirect(answer, "/shop/confirmation"));
}

function readToken(answer: Answer): number {
  const result = readRpc(answer);
  const token = isRecord(result) ? result["id"] : undefined;
  return typeof token === "number" ? token : refuse("the card gave no payment token");
}

/** An order is confirmed by the poll and by nothing else: without it, Odoo's cron would do it ten minutes later. */
function waitUntilProcessed(step: Step): void {
  for (let poll = 0; poll < MAXIMUM_POLLS; poll += 1) {
    const state = step({ name: "checkout/payment-status", path: "/payment/process/poll", json: wrapRpc({}) }, readPaymentState);
    if (state === "processed") return;
    if (state === "retry") sleep(POLL_PAUSE_S);
  }
  throw new StepFailure("conflict", `checkout/payment-status: not processed after ${MAXIMUM_POLLS} polls`);
}

function readPaymentState(answer: Answer): "processed" | "paid" | "retry" {
  const result = readRpc(answer);
  if (!isRecord(result)) refuse("the payment status is no record");
  if (result["error"] === "tx_process_retry") return "retry";
  const transactions = Array.isArray(result["transactions"]) ? result["transactions"].filter(isRecord) : [];
  const [payment] = transactions;
  if (result["success"] !== true || payment === undefined) refuse(`payment status: ${textOf(result["error"]) || "no payment"}`);
  if (payment["state"] !== "done") refuse(`the payment is ${textOf(payment["state"])}, not done`);
  return payment["is_processed"] === true ? "processed" : "paid";
}
