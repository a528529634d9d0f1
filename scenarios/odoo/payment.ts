import { readRedirect } from "../lib/page.ts";
import type { Transaction } from "../lib/transaction.ts";
import { wayOf } from "../lib/way.ts";
import { payByAcquirer } from "./payment-acquirer.ts";
import { payByMethod, payByOption } from "./payment-provider.ts";

const WAYS = { acquirer: payByAcquirer, option: payByOption, method: payByMethod };

/** pay pays the cart by the simulated provider and has the shop take note of it. */
export function pay(transaction: Transaction): void {
  const { step, ways } = transaction;
  wayOf(WAYS, ways.payment)(transaction);
  step({ name: "checkout/validate", path: "/shop/payment/validate" }, (answer) => readRedirect(answer, "/shop/confirmation"));
}
