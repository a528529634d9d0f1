import { isRecord, textOf } from "../lib/classify.ts";
import type { Answer } from "../lib/classify.ts";
import { findCsrfToken, readJson, readPage, readRedirect } from "../lib/page.ts";
import { refuse } from "../lib/step-failure.ts";
import type { Step } from "../lib/step.ts";
import type { Transaction } from "../lib/transaction.ts";
import { wayOf } from "../lib/way.ts";

/** Address is what a new shopper fills in, by the names of the form's fields. */
export type Address = Readonly<Record<"name" | "email" | "phone" | "street" | "city" | "zip" | "country_id", string>>;

const WAYS = { page: postPage, submit: submitForm };

/** giveAddress goes from the cart to the checkout, which asks a new shopper for an address first, and fills it in. */
export function giveAddress({ step, ways }: Transaction, address: Address): void {
  step({ name: "checkout/start", path: "/shop/checkout?express=1" }, (answer) => readRedirect(answer, "/shop/address"));
  const page = step({ name: "checkout/address-form", path: "/shop/address" }, (answer) => readPage(answer, /name="street"/));
  wayOf(WAYS, ways.address)(step, { ...address, csrf_token: findCsrfToken(page) });
}

type Form = Readonly<Record<string, string>>;

function postPage(step: Step, values: Form): void {
  const form = { submitted: "1", partner_id: "-1", callback: "", field_required: "phone,name", use_same: "1", ...values };
  // A form with a mistake is shown again with status 200, so only the redirect is a success.
  step({ name: "checkout/address", path: "/shop/address", form }, (answer) => readRedirect(answer, "/shop/confirm_order"));
}

function submitForm(step: Step, values: Form): void {
  const form = { address_type: "billing", use_delivery_as_billing: "true", required_fields: "name,country_id", ...values };
  step({ name: "checkout/address", path: "/shop/address/submit", form }, readAccepted);
}

/** readAccepted asserts that an address was taken: a form with a mistake is answered with status 200 too, and names the fields. */
export function readAccepted(answer: Answer): void {
  const result = readJson(answer);
  if (!isRecord(result)) refuse("the address is answered by no record");
  const next = textOf(result["redirectUrl"]) || textOf(result["successUrl"]);
  if (next.split("?")[0] !== "/shop/checkout") refuse(`the address is refused: ${JSON.stringify(result).slice(0, 120)}`);
}
