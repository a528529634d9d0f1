import { z } from "zod";

import type { Capabilities } from "../../domain/target/capabilities.ts";
import { idOf, manyToOne, type OdooSession, searchIds, searchRead } from "../connection/session.ts";

/** Model and domain of each payment simulator's provider. A simulator takes payments only in test mode. */
const PROVIDERS = {
  test: { model: "payment.acquirer", domain: [["provider", "=", "test"]] },
  demo: {
    model: "payment.provider",
    domain: [
      ["code", "=", "demo"],
      // The shop offers only published providers.
      ["is_published", "=", true],
    ],
  },
} as const;

/** readProvider returns the id of the simulator's provider, or null if there is none in test mode. */
export async function readProvider(session: OdooSession, simulator: Capabilities["simulator"]): Promise<number | null> {
  const { model, domain } = PROVIDERS[simulator];
  return (await searchIds(session, { model, domain: [...domain, ["state", "=", "test"]], limit: 1 }))[0] ?? null;
}

/** readPaymentMethod returns the first active payment method of a provider, or null if there is none. */
export async function readPaymentMethod(session: OdooSession, providerId: number): Promise<number | null> {
  const domain = [
    ["provider_ids", "in", [providerId]],
    ["active", "=", true],
    // Brands, such as a kind of card, are records of the same model below their payment method.
    ["primary_payment_method_id", "=", false],
  ];
  return (await searchIds(session, { model: "payment.method", domain, limit: 1 }))[0] ?? null;
}

/** readCarrier returns the first published delivery method that needs no external price request, or null if there is none. */
export async function readCarrier(session: OdooSession): Promise<number | null> {
  const domain = [
    ["is_published", "=", true],
    ["delivery_type", "in", ["fixed", "base_on_rule"]],
  ];
  return (await searchIds(session, { model: "delivery.carrier", domain, order: "sequence, id", limit: 1 }))[0] ?? null;
}

/**
 * readCountry returns the country of the shoppers: the country of the first company, or the first country without required states
 * if addresses there require a state, because shoppers enter no state. It returns null if every country requires a state.
 */
export async function readCountry(session: OdooSession): Promise<number | null> {
  const search = { model: "res.company", domain: [], fields: ["country_id"], limit: 1 };
  const [company] = await searchRead(session, search, z.object({ country_id: manyToOne }));
  const own = company === undefined ? null : idOf(company.country_id);
  const stateless = await searchIds(session, { model: "res.country", domain: [["state_required", "=", false]] });
  return stateless.find((id) => id === own) ?? stateless[0] ?? null;
}
