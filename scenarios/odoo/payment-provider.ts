import { readRpc, wrapRpc } from "../lib/api.ts";
import { isRecord, textOf } from "../lib/classify.ts";
import type { Answer } from "../lib/classify.ts";
import { findCsrfToken, findData, readPage } from "../lib/page.ts";
import { refuse } from "../lib/step-failure.ts";
import type { Transaction } from "../lib/transaction.ts";
import { wayOf } from "../lib/way.ts";
import { pollUntilDone } from "./payment-poll.ts";
import { readProviderState } from "./payment-state.ts";

/** payByOption pays by a provider, which is the option that the shopper chooses. */
export function payByOption(transaction: Transaction): void {
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
export function payByMethod(transaction: Transaction): void {
  const { providerId, paymentMethodId } = transaction.data;
  payByTransaction(transaction, {
    offered: new RegExp(`data-payment-option-id="${paymentMethodId}"`),
    chosen: () => ({ provider_id: providerId, payment_method_id: paymentMethodId, token_id: null }),
  });
}

interface Choice {
  /** What the payment page must show. */
  readonly offered: RegExp;
  /** What the shopper's choice is called in the request. */
  readonly chosen: (page: string) => Readonly<Record<string, unknown>>;
}

/** The page makes a transaction, the provider answers what became of it, and the waiting page asks until the order is confirmed. */
function payByTransaction({ step, ways }: Transaction, { offered, chosen }: Choice): void {
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
  const simulate = wayOf(SIMULATORS, ways.simulator);
  step({ name: "checkout/card", path: simulate.path, json: wrapRpc(simulate.answer(reference)) }, readRpc);
  step({ name: "checkout/processing", path: "/payment/status" }, (answer) => readPage(answer, /o_payment_status|payment_status/));
  pollUntilDone(() =>
    step({ name: "checkout/payment-status", path: "/payment/status/poll", json: wrapRpc({}) }, readProviderState),
  );
}

/** How a provider that is none is told what to answer. */
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
