import { type Arm, ARMS, type PerArm } from "../domain/arm.ts";
import { HarnessError } from "../domain/error.ts";
import type { ScenarioName, ShopData } from "../domain/load/plan.ts";
import type { CapabilityVariants } from "../domain/target/capabilities.ts";
import type { Finding } from "../domain/target/finding.ts";
import { type ArmEndpoint, type Target, unseenParts } from "../domain/target/target.ts";
import { blindSpotWords } from "../evaluator/decision/blind-spots.ts";
import { compareVariants, readCapabilities } from "../odoo/capabilities/variants.ts";
import { requireMarker, requireMarkerInDatabase } from "../odoo/checks/loadable.ts";
import { requireNeutral, requireNeutralDatabase } from "../odoo/checks/neutral.ts";
import { requireVersion } from "../odoo/connection/server.ts";
import { type OdooSession, openOdooSession } from "../odoo/connection/session.ts";
import { inspectOdoo } from "../odoo/inspect-odoo.ts";
import { compareShopData, discoverShop } from "../odoo/shop/shop-data.ts";
import { inspectTarget } from "../probe/inspect-target.ts";
import { inspectProbeCosts } from "../probe/probe-costs.ts";

/** Shop is the capabilities and the data of a target that the scenarios need; both arms have the same. */
export interface Shop {
  readonly capabilities: CapabilityVariants;
  readonly data: ShopData;
}

/** armsOf lists the arms that a target has. */
export function armsOf(target: Target): readonly (ArmEndpoint & { arm: Arm })[] {
  return ARMS.flatMap((arm) => {
    const endpoint = target.arms[arm];
    return endpoint === undefined ? [] : [{ ...endpoint, arm }];
  });
}

/** LoadableArm is an arm that may be loaded, with its API user logged in. */
interface LoadableArm {
  readonly arm: Arm;
  readonly session: OdooSession;
}

/**
 * requireLoadable makes sure that every arm is marked as loadable and can neither send real mail nor take real payments. The check is
 * cheap and precedes every run: between two rounds an administrator may remove the marker or switch on a mail server.
 */
export async function requireLoadable(target: Target): Promise<readonly LoadableArm[]> {
  const arms: LoadableArm[] = [];
  for (const { arm, ...account } of armsOf(target)) {
    // SQL comes first where there is a connection, because even a login writes to the database.
    if (account.invariantsDsn !== null) {
      await requireMarkerInDatabase(account.invariantsDsn, account);
      await requireNeutralDatabase(account.invariantsDsn, account);
    }
    await requireVersion(account.baseUrl);
    const session = await openOdooSession(account);
    await requireMarker(session);
    if (account.invariantsDsn === null) await requireNeutral(session);
    arms.push({ arm, session });
  }
  return arms;
}

/**
 * readShop makes sure that every arm may be loaded and has what the scenarios need, and reads the shop data. Both arms must have the
 * same capabilities and the same data: otherwise they cannot get the same work.
 */
export async function readShop(target: Target, scenarios: readonly ScenarioName[]): Promise<Shop> {
  const shops: Partial<Record<Arm, Shop>> = {};
  for (const { arm, session } of await requireLoadable(target)) {
    const capabilities = await readCapabilities(session, scenarios);
    shops[arm] = { capabilities, data: await discoverShop(session, { scenarios, variants: capabilities }) };
  }
  const { baseline, candidate } = shops;
  if (baseline !== undefined && candidate !== undefined) requireSameShop({ baseline, candidate });
  const shop = baseline ?? candidate;
  if (shop === undefined)
    throw new HarnessError("usage", "the target has no arm", { hint: "Name target.arms.baseline in the config." });
  return shop;
}

function requireSameShop({ baseline, candidate }: PerArm<Shop>): void {
  const variants = compareVariants(baseline.capabilities, candidate.capabilities);
  if (variants.length > 0) {
    throw new HarnessError("cannot-measure", `the arms have different capabilities: ${variants.join("; ")}`, {
      hint: "Compare releases of one version of Odoo: the same load must fit both.",
    });
  }
  const differences = compareShopData(baseline.data, candidate.data);
  if (differences.length === 0) return;
  throw new HarnessError("cannot-measure", `the arms do not hold the same data: ${differences.join("; ")}`, {
    hint: "Clone both databases from the same template, then start again.",
  });
}

/** examineTarget reports what can be reached, what is missing, and what the probes cost. It changes nothing in the target except logins. */
export async function examineTarget(target: Target, scenarios: readonly ScenarioName[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { arm, ...account } of armsOf(target)) findings.push(...(await inspectOdoo(arm, account, scenarios)));
  return [...findings, ...(await inspectTarget(target)), ...unseenFindings(target), ...(await inspectProbeCosts(target))];
}

/** unseenFindings reports the parts that a run against the target does not see, and what the verdict then cannot say. */
export function unseenFindings(target: Target): readonly Finding[] {
  return unseenParts(target).map(({ part, declared }) => {
    const { label, cost, remedy } = blindSpotWords[part];
    return {
      name: `unseen-${part}`,
      ok: false,
      needed: false,
      text: `${label}: ${declared ? "declared as unseen" : "not named"}: ${cost}`,
      remedy: declared ? remedy : `${remedy} Or declare ${part} under target.unseen.`,
    };
  });
}
