import { sleep } from "k6";

import {
  type Answer,
  findCsrfToken,
  findData,
  findInput,
  isRecord,
  readPage,
  readRedirect,
  refuse,
  StepFailure,
  textOf,
} from "../lib/answer.ts";
import { readRpc, wrapRpc } from "../lib/api.ts";
import type { Transaction } from "../lib/transaction.ts";
import { variantOf } from "../lib/variant.ts";
import { type PaymentState, readAcquirerState, readProviderState } from "./payment-state.ts";

const VARIANTS = { acquirer: payByAcquirer, option: payByOption, method: payByMethod };

/** pay pays the cart by the simulated provider and opens the page that validates the payment. */
export function pay(transaction: Transaction): void {
  const { step, variants } = transaction;
  variantOf(VARIANTS, variants.payment)(transaction);
  step({ name: "checkout/validate", path: "/shop/payment/validate" }, (answer) => readRedirect(answer, "/shop/confirmation"));
}

/** payByAcquirer pays the cart by the card of an acquirer, as the payment page does it: card, token, wait. */
function payByAcquirer({ step, data }: Transaction): void {
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

/** payByOption pays by a provider. The shopper chooses the provider as the payment option. */
function payByOption(transaction: Transaction): void {
  const { providerId } = transaction.data;
  payByTransaction(transaction, {
    offered: new RegExp(`data-payment-option-id="${providerId}"`),
    chosen: (page) => ({
      payment_option_id: providerId,
      reference_prefix: null,
      currency_id: Number(findData(page, "currency-id")),
      partner_id: Number(findData(page, "partner-id")),
    }),
  });
}

/** payByMethod pays by a payment method, such as a card, of a provider. */
function payByMethod(transaction: Transaction): void {
  const { providerId, paymentMethodId } = transaction.data;
  payByTransaction(transaction, {
    offered: new RegExp(`data-payment-option-id="${paymentMethodId}"`),
    chosen: () => ({ provider_id: providerId, payment_method_id: paymentMethodId, token_id: null }),
  });
}

interface Choice {
  /** Pattern that the payment page must contain. */
  readonly offered: RegExp;
  /** Parameters of the request that name the shopper's choice. */
  readonly chosen: (page: string) => Readonly<Record<string, unknown>>;
}

/** The page creates a transaction, the provider reports its result, and the waiting page polls until the order is confirmed. */
function payByTransaction({ step, variants }: Transaction, { offered, chosen }: Choice): void {
  const page = step({ name: "checkout/payment", path: "/shop/payment" }, (answer) => readPage(answer, offered));
  const json = wrapRpc({
    ...chosen(page),
    amount: Number(findData(page, "amount")),
    flow: "direct",
    tokenization_requested: false,
    landing_route: findData(page, "landing-route"),
    is_validation: false,
    access_token: findData(page, "access-token"),
    csrf_token: findCsrfToken(page),
  });
  const reference = step({ name: "checkout/pay", path: findData(page, "transaction-route"), json }, readReference);
  const simulate = variantOf(SIMULATORS, variants.simulator);
  step({ name: "checkout/card", path: simulate.path, json: wrapRpc(simulate.answer(reference)) }, readRpc);
  step({ name: "checkout/processing", path: "/payment/status" }, (answer) => readPage(answer, /o_payment_status|payment_status/));
  pollUntilDone(() =>
    step({ name: "checkout/payment-status", path: "/payment/status/poll", json: wrapRpc({}) }, readProviderState),
  );
}

/** SIMULATORS are the requests that make a simulated provider report a payment as done. */
const SIMULATORS = {
  test: {
    path: "/payment/test/simulate_payment",
    answer: (reference: string) => ({ reference, customer_input: "4111 1111 1111 1111" }),
  },
  demo: {
    path: "/payment/demo/simulate_payment",
    answer: (reference: string) => ({ reference, payment_details: "1234", simulated_state: "done" }),
  },
};

function readReference(answer: Answer): string {
  const result = readRpc(answer);
  const reference = isRecord(result) ? textOf(result["reference"]) : "";
  return reference === "" ? refuse(`no payment was begun: ${JSON.stringify(result)?.slice(0, 120)}`) : reference;
}

/** The first poll confirms the order and the second one shows that; further polls follow where Odoo answers `retry`. */
const MAXIMUM_POLLS = 10;
const POLL_PAUSE_S = 0.5;

/** pollUntilDone polls the state of the payment like the waiting page. A poll confirms the order; without polls a job confirms it later. */
function pollUntilDone(poll: () => PaymentState): void {
  for (let polls = 0; polls < MAXIMUM_POLLS; polls += 1) {
    const state = poll();
    if (state === "processed") return;
    if (state === "retry") sleep(POLL_PAUSE_S);
  }
  throw new StepFailure("conflict", `checkout/payment-status: not processed after ${MAXIMUM_POLLS} polls`);
}
