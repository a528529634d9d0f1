import { type Arm, ARMS } from "../domain/arm.ts";
import type { LedgerRecord } from "../domain/load/ledger.ts";
import type { InvariantResult } from "../domain/load/run.ts";
import type { Target } from "../domain/target/target.ts";
import { checkInvariants, type InvariantSnapshot, snapshotInvariants } from "../odoo/invariants/check-invariants.ts";

export type ArmSnapshots = Partial<Readonly<Record<Arm, InvariantSnapshot>>>;

/** snapshotBusiness looks at the business rules before the load, so that old drift is not blamed on the run. */
export async function snapshotBusiness(target: Target): Promise<ArmSnapshots> {
  const snapshots: Partial<Record<Arm, InvariantSnapshot>> = {};
  for (const arm of ARMS) {
    const dsn = target.arms[arm]?.invariantsDsn ?? null;
    if (dsn !== null) snapshots[arm] = await snapshotInvariants(dsn);
  }
  return snapshots;
}

/** checkBusiness looks at them after the load. */
export async function checkBusiness(
  target: Target,
  options: { snapshots: ArmSnapshots; ledger: readonly LedgerRecord[] },
): Promise<readonly InvariantResult[]> {
  const results: InvariantResult[] = [];
  for (const arm of ARMS) {
    const dsn = target.arms[arm]?.invariantsDsn ?? null;
    const snapshot = options.snapshots[arm];
    // A run that could not look at the business says so, and then bars a pass: no rule at all must not read as every rule intact.
    // Where the config declared it beforehand, the verdict says so instead.
    const declared = target.unseen?.includes("business-rules") ?? false;
    if (target.arms[arm] !== undefined && (dsn === null || snapshot === undefined) && !declared) results.push(unchecked(arm));
    if (dsn !== null && snapshot !== undefined) {
      results.push(...(await checkInvariants(dsn, { arm, ledger: options.ledger, snapshot })));
    }
  }
  return results;
}

function unchecked(arm: Arm): InvariantResult {
  const label = "The business rules";
  const examples = ["the target names no connection of the invariants role"];
  return { id: "business-rules", arm, label, status: "not-checked", checked: 0, violations: 0, examples };
}
