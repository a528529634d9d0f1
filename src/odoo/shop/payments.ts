import { z } from "zod";
import { OdooFault } from "../odoo-fault.ts";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";

/** PaymentChoice is one way to pay that a shop has set up: `test` simulates, `enabled` takes real money. */
export interface PaymentChoice {
  readonly name: string;
  readonly state: string;
}

const choice = z.object({ name: z.string(), state: z.string() });

/** readPayments lists the providers (acquirers, in older versions) that are not switched off. */
export async function readPayments(session: OdooSession): Promise<readonly PaymentChoice[]> {
  const domain = [["state", "!=", "disabled"]];
  for (const model of ["payment.provider", "payment.acquirer"]) {
    try {
      return (await searchRead(session, { model, domain, fields: ["name", "state"] }, choice)).map(({ name, state }) => ({
        name,
        state,
      }));
    } catch (error) {
      // The other versions' model.
      if (!(error instanceof OdooFault)) throw error;
    }
  }
  return [];
}
