import type { Arm } from "../domain/arm.ts";
import { HarnessError } from "../domain/error.ts";
import type { ScenarioName } from "../domain/load/plan.ts";
import type { CapabilityVariants } from "../domain/target/capabilities.ts";
import type { Finding } from "../domain/target/finding.ts";
import { readCapabilities } from "./capabilities/variants.ts";
import { requireMarker, requireMarkerInDatabase } from "./checks/loadable.ts";
import { requireNeutral, requireNeutralDatabase } from "./checks/neutral.ts";
import { requireVersion } from "./connection/server.ts";
import { type OdooAccount, openOdooSession } from "./connection/session.ts";
import { discoverShop } from "./shop/shop-data.ts";

/**
 * inspectOdoo checks the requirements of a run on one arm's Odoo, in order. It stops at the first requirement that is not met.
 */
export async function inspectOdoo(
  arm: Arm,
  account: OdooAccount & { readonly invariantsDsn: string | null },
  scenarios: readonly ScenarioName[],
): Promise<readonly Finding[]> {
  const name = `odoo-${arm}`;
  const findings: Finding[] = [];
  const pass = (text: string): void => void findings.push({ name, ok: true, needed: true, text, remedy: "" });
  try {
    const { version } = await requireVersion(account.baseUrl);
    pass(`Odoo ${version} answers at ${account.baseUrl}`);
    // A login writes to the database. The check by SQL comes first, so that a refused database stays unchanged.
    if (account.invariantsDsn !== null) await requireMarkerInDatabase(account.invariantsDsn, account);
    const session = await openOdooSession(account);
    pass(`${account.login} can log in to ${account.database}`);
    await requireMarker(session);
    pass(`${account.database} allows load tests`);
    if (account.invariantsDsn === null) await requireNeutral(session);
    else await requireNeutralDatabase(account.invariantsDsn, account);
    pass(`${account.database} sends no mail to real servers and takes no real money`);
    const variants = await readCapabilities(session, scenarios);
    pass(`${account.database} has the capabilities that the scenarios need: ${describeVariants(variants)}`);
    const shop = await discoverShop(session, { scenarios, variants });
    pass(
      `${shop.products.length} products, ${shop.partners.length} customers, ${shop.pickings.length} ready pickings, ${shop.store.tills.length} tills are available for the load`,
    );
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    findings.push({ name, ok: false, needed: true, text: error.message, remedy: error.hint });
  }
  return findings;
}

function describeVariants(variants: CapabilityVariants): string {
  return Object.entries(variants)
    .map(([name, variant]) => `${name} by ${variant}`)
    .join(", ");
}
