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

/** inspectOdoo goes through what a run asks of one arm's Odoo, and stops at the first thing that is not there. */
export async function inspectOdoo(
  arm: Arm,
  account: OdooAccount & { readonly invariantsDsn: string | null },
  scenarios: readonly ScenarioName[],
): Promise<readonly Finding[]> {
  const name = `odoo-${arm}`;
  const findings: Finding[] = [];
  const tell = (text: string): void => void findings.push({ name, ok: true, needed: true, text, remedy: "" });
  try {
    const { version } = await requireVersion(account.baseUrl);
    tell(`Odoo ${version} answers at ${account.baseUrl}`);
    // A login writes; where the database itself can be asked first, one that may not be loaded is left as it is.
    if (account.invariantsDsn !== null) await requireMarkerInDatabase(account.invariantsDsn, account);
    const session = await openOdooSession(account);
    tell(`${account.login} can log in to ${account.database}`);
    await requireMarker(session);
    tell(`${account.database} may be loaded`);
    if (account.invariantsDsn === null) await requireNeutral(session);
    else await requireNeutralDatabase(account.invariantsDsn, account);
    tell(`${account.database} sends no mail to real servers and takes no real money`);
    const ways = await readCapabilities(session, scenarios);
    tell(`${account.database} can do what the scenarios need: ${describeWays(ways)}`);
    const shop = await discoverShop(session, { scenarios, ways });
    tell(
      `${shop.products.length} products, ${shop.partners.length} customers, ${shop.pickings.length} ready pickings, ${shop.store.tills.length} tills to load with`,
    );
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    findings.push({ name, ok: false, needed: true, text: error.message, remedy: error.hint });
  }
  return findings;
}

function describeWays(ways: CapabilityVariants): string {
  return Object.entries(ways)
    .map(([name, way]) => `${name} by ${way}`)
    .join(", ");
}
