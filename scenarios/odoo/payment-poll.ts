import { sleep } from "k6";
import { StepFailure } from "../lib/step-failure.ts";
import type { PaymentState } from "./payment-state.ts";

/** The first poll confirms the order and the second sees it done; the others are for Odoo asking to try again. */
const MAXIMUM_POLLS = 10;
const POLL_PAUSE_S = 0.5;

/** pollUntilDone asks for the payment's state as the waiting page does. The order is confirmed by that: else it waits for a job. */
export function pollUntilDone(poll: () => PaymentState): void {
  for (let polls = 0; polls < MAXIMUM_POLLS; polls += 1) {
    const state = poll();
    if (state === "processed") return;
    if (state === "retry") sleep(POLL_PAUSE_S);
  }
  throw new StepFailure("conflict", `checkout/payment-status: not processed after ${MAXIMUM_POLLS} polls`);
}
