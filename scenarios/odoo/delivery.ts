import { readRpc, wrapRpc } from "../lib/api.ts";
import { isRecord } from "../lib/classify.ts";
import type { Answer } from "../lib/classify.ts";
import { readPage } from "../lib/page.ts";
import { refuse } from "../lib/step-failure.ts";
import type { Transaction } from "../lib/transaction.ts";
import { wayOf } from "../lib/way.ts";

const WAYS = { none: () => {}, method: chooseMethod };

/** chooseDelivery says how the goods are to come, where the shop asks for that. */
export function chooseDelivery(transaction: Transaction): void {
  wayOf(WAYS, transaction.ways.delivery)(transaction);
}

/** With an address the checkout, which sent the shopper away at first, shows the delivery methods. */
function chooseMethod({ step, data }: Transaction): void {
  const offered = new RegExp(`data-dm-id="${data.carrierId}"`);
  step({ name: "checkout/start", path: "/shop/checkout?try_skip_step=true" }, (answer) => readPage(answer, offered));
  const json = wrapRpc({ dm_id: data.carrierId });
  step({ name: "checkout/delivery", path: "/shop/set_delivery_method", json }, readChosen);
}

function readChosen(answer: Answer): void {
  const result = readRpc(answer);
  if (!isRecord(result) || result["success"] === false) refuse(`the delivery method is refused: ${JSON.stringify(result)}`);
}
