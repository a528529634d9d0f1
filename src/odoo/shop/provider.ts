import { z } from "zod";

import type { Capabilities } from "../../domain/target/capabilities.ts";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";

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
