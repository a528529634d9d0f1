import { readRedirect } from "../lib/page.ts";
import type { Step } from "../lib/step.ts";
import type { Transaction } from "../lib/transaction.ts";
import { wayOf } from "../lib/way.ts";

const WAYS = { step: confirmOrder, none: () => {} };

/** confirmCart says that address and delivery are as they should be, where the shop asks for that. */
export function confirmCart({ step, ways }: Transaction): void {
  wayOf(WAYS, ways.confirm)(step);
}

function confirmOrder(step: Step): void {
  step({ name: "checkout/confirm-address", path: "/shop/confirm_order" }, (answer) => readRedirect(answer, "/shop/payment"));
}
