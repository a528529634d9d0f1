import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";

/** readPaymentMethod finds the first active payment method of a provider; null where it has none. */
export async function readPaymentMethod(session: OdooSession, providerId: number): Promise<number | null> {
  const domain = [
    ["provider_ids", "in", [providerId]],
    ["active", "=", true],
    // Brands such as a kind of card belong to a method and are none of their own.
    ["primary_payment_method_id", "=", false],
  ];
  const search = { model: "payment.method", domain, fields: ["id"], limit: 1 };
  return (await searchRead(session, search, z.object({ id: z.number() })))[0]?.id ?? null;
}
