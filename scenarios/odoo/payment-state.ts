import { type Answer, isRecord, readJson, refuse, textOf } from "../lib/answer.ts";
import { readRpc } from "../lib/api.ts";

/** PaymentState is the result of a poll. `processed`: the order is confirmed. `paid`: the next poll confirms it. `retry`: poll again. */
export type PaymentState = "processed" | "paid" | "retry";

/** readAcquirerState reads the first payment in the list that a poll of an acquirer's payment returns. */
export function readAcquirerState(answer: Answer): PaymentState {
  const result = readRpc(answer);
  if (!isRecord(result)) refuse("the payment status is no record");
  if (result["error"] === "tx_process_retry") return "retry";
  const transactions = Array.isArray(result["transactions"]) ? result["transactions"].filter(isRecord) : [];
  const [payment] = transactions;
  if (result["success"] !== true || payment === undefined) refuse(`payment status: ${textOf(result["error"]) || "no payment"}`);
  if (payment["state"] !== "done") refuse(`the payment is ${textOf(payment["state"])}, not done`);
  return payment["is_processed"] === true ? "processed" : "paid";
}

/**
 * readProviderState reads the poll of a provider's payment: the payment itself, or a list that contains it. A list shows the state
 * before this poll, so the next poll shows that the order is confirmed.
 */
export function readProviderState(answer: Answer): PaymentState {
  if (asksToRetry(readJson(answer))) return "retry";
  const result = readRpc(answer);
  if (!isRecord(result)) refuse("the payment status is no record");
  if (result["error"] === "tx_process_retry") return "retry";
  if (result["success"] === false) refuse(`payment status: ${textOf(result["error"])}`);
  const [listed] = Array.isArray(result["display_values_list"]) ? result["display_values_list"].filter(isRecord) : [];
  const payment = listed ?? result;
  if (payment["state"] !== "done") refuse(`the payment is ${textOf(payment["state"])}, not done`);
  return payment["is_post_processed"] === false ? "paid" : "processed";
}

function asksToRetry(message: unknown): boolean {
  const error = isRecord(message) && isRecord(message["error"]) ? message["error"] : {};
  return isRecord(error["data"]) && error["data"]["message"] === "retry";
}
