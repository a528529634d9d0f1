import type { ScenarioName } from "../../domain/load/plan.ts";
import type { Ways } from "../../domain/target/capabilities.ts";
import type { OdooSession } from "../odoo-session.ts";
import { requireNoUpgrade } from "../require-no-upgrade.ts";
import { pickWays, wantedFacts } from "./pick-ways.ts";
import { readServerFacts } from "./read-server-facts.ts";

/**
 * readCapabilities finds the ways in which a server does what the chosen scenarios need. It refuses a server that lacks one of
 * them, or whose modules wait for an upgrade, and changes nothing.
 */
export async function readCapabilities(session: OdooSession, scenarios: readonly ScenarioName[]): Promise<Ways> {
  const facts = await readServerFacts(session, wantedFacts(scenarios));
  const ways = pickWays(facts, scenarios);
  await requireNoUpgrade(session);
  return ways;
}
