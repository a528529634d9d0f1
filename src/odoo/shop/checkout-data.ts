import { z } from "zod";

import type { Capabilities } from "../../domain/target/capabilities.ts";
import { idOf, manyToOne, type OdooSession, searchRead } from "../connection/session.ts";

/** Where each simulator's provider is kept, and how it is known there. It takes payments only while it is in test mode. */
const PROVIDERS = {
  test: { model: "payment.acquirer", domain: [["provider", "=", "test"]] },
  demo: {
    model: "payment.provider",
    domain: [
      ["code", "=", "demo"],
      // Shoppers are offered no other.
      ["is_published", "=", true],
    ],
  },
} as const;

/** readProvider finds what takes the simulated payments; null where nothing does. */
export async function readProvider(session: OdooSession, simulator: Capabilities["simulator"]): Promise<number | null> {
  const { model, domain } = PROVIDERS[simulator];
  const search = { model, domain: [...domain, ["state", "=", "test"]], fields: ["id"], limit: 1 };
  return (await searchRead(session, search, z.object({ id: z.number() })))[0]?.id ?? null;
}

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

/** readCarrier finds the first published delivery method that asks no other company for its price; null where there is none. */
export async function readCarrier(session: OdooSession): Promise<number | null> {
  const domain = [
    ["is_published", "=", true],
    ["delivery_type", "in", ["fixed", "base_on_rule"]],
  ];
  const search = { model: "delivery.carrier", domain, fields: ["id"], order: "sequence, id", limit: 1 };
  return (await searchRead(session, search, z.object({ id: z.number() })))[0]?.id ?? null;
}

/** readCountry picks the shoppers' country: the first company's, unless its addresses need a state, which no shopper fills in. */
export async function readCountry(session: OdooSession): Promise<number | null> {
  const companies = await searchRead(
    session,
    { model: "res.company", domain: [], fields: ["country_id"], limit: 1 },
    z.object({ country_id: manyToOne }),
  );
  const own = companies[0] === undefined ? null : idOf(companies[0].country_id);
  const simple = await searchRead(
    session,
    { model: "res.country", domain: [["state_required", "=", false]], fields: ["id"] },
    z.object({ id: z.number() }),
  );
  return simple.find(({ id }) => id === own)?.id ?? simple[0]?.id ?? null;
}
