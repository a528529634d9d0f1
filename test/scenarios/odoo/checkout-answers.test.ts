import { expect, test } from "vitest";

import { findOutcome } from "../../../scenarios/lib/answer.ts";
import { readAccepted, readOrderName } from "../../../scenarios/odoo/checkout-pages.ts";
import { readAcquirerState, readProviderState } from "../../../scenarios/odoo/payment-state.ts";
import { rpcAnswer } from "../scripted-step.ts";

const answer = (part: object) => ({ status: 200, location: "", body: "", ...part });

function resultOf(action: () => unknown): unknown {
  try {
    return action() ?? "ok";
  } catch (error) {
    return `refused: ${findOutcome(error)}`;
  }
}

test.each([
  { name: "a way on", body: '{"successUrl": "/shop/checkout?try_skip_step=true"}', want: "ok" },
  { name: "a way on under its newer name", body: '{"redirectUrl": "/shop/checkout?try_skip_step=true"}', want: "ok" },
  { name: "missing fields", body: '{"invalid_fields": ["zip"], "messages": ["x"]}', want: "refused: application" },
  { name: "a way back to an empty cart", body: '{"redirectUrl": "/shop"}', want: "refused: application" },
  { name: "a page", body: "<html>", want: "refused: application" },
])("an address that is answered with $name is $want", ({ body, want }) => {
  expect(resultOf(() => readAccepted(answer({ body })))).toBe(want);
});

const heading = "<h1>\n  <span>Order</span>\n  <em>S00012</em>\n";
const alert = (kind: string) =>
  `<div id="order_name" class="mb-4"><h5><span>Order</span> <span>S00014</span></h5></div>
   <div name="order_confirmation" class="mt-3" data-order-id="14">\n<div class="alert px-3 ${kind}" role="alert">`;

test.each([
  { name: "in words", body: `${heading}  <span>Confirmed</span></h1>`, want: "S00012" },
  { name: "in words, of an order that is only sent", body: `${heading}</h1>`, want: "refused: application" },
  {
    name: "by a check mark",
    body: '<em><span>Order</span>\n<span>S00013</span>\n<i class="fa fa-check-circle ms-1"></i></em>',
    want: "S00013",
  },
  {
    name: "by a check mark that is not there",
    body: "<em><span>Order</span> <span>S00013</span></em>",
    want: "refused: application",
  },
  { name: "by the payment's colour", body: alert("alert-success"), want: "S00014" },
  { name: "by the colour of a payment of another amount", body: alert("alert-warning"), want: "refused: application" },
])("an order is confirmed $name: $want", ({ body, want }) => {
  expect(resultOf(() => readOrderName(answer({ body })))).toBe(want);
});

const acquirer = (payment: object) => rpcAnswer({ success: true, error: null, transactions: [payment] });
const listed = (payment: object) => rpcAnswer({ success: true, error: null, display_values_list: [payment] });
const raised = (message: string) => ({
  body: JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: 200, data: { name: "builtins.Exception", message } } }),
});

test.each([
  { name: "confirmed", read: readAcquirerState, poll: acquirer({ state: "done", is_processed: true }), want: "processed" },
  { name: "only paid", read: readAcquirerState, poll: acquirer({ state: "done", is_processed: false }), want: "paid" },
  {
    name: "to be tried again",
    read: readAcquirerState,
    poll: rpcAnswer({ success: false, error: "tx_process_retry" }),
    want: "retry",
  },
  { name: "pending", read: readAcquirerState, poll: acquirer({ state: "pending" }), want: "refused: application" },
  { name: "listed as paid", read: readProviderState, poll: listed({ state: "done", is_post_processed: false }), want: "paid" },
  {
    name: "listed as confirmed",
    read: readProviderState,
    poll: listed({ state: "done", is_post_processed: true }),
    want: "processed",
  },
  {
    name: "listed, to be tried again",
    read: readProviderState,
    poll: rpcAnswer({ success: false, error: "tx_process_retry" }),
    want: "retry",
  },
  {
    name: "gone",
    read: readProviderState,
    poll: rpcAnswer({ success: false, error: "no_tx_found" }),
    want: "refused: application",
  },
  { name: "told alone", read: readProviderState, poll: rpcAnswer({ provider_code: "demo", state: "done" }), want: "processed" },
  { name: "told alone, in error", read: readProviderState, poll: rpcAnswer({ state: "error" }), want: "refused: application" },
  { name: "raised, to be tried again", read: readProviderState, poll: raised("retry"), want: "retry" },
  { name: "raised for good", read: readProviderState, poll: raised("tx_not_found"), want: "refused: application" },
])("a payment that is $name is $want", ({ read, poll, want }) => {
  expect(resultOf(() => read(answer(poll)))).toBe(want);
});
