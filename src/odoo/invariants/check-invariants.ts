import type { Arm } from "../../domain/arm.ts";
import type { LedgerRecord } from "../../domain/load/ledger.ts";
import type { InvariantResult } from "../../domain/load/run.ts";
import type { Invariant } from "./invariant.ts";
import { inSnapshot, withInvariantsConnection } from "./invariants-connection.ts";
import { ledgerEntries } from "./ledger-entries.ts";
import { invariantsFor } from "./odoo-version.ts";
import { waitForQuiet } from "./quiet.ts";
import { type Outcome, runInvariant } from "./run-invariant.ts";
import type { InvariantSnapshot } from "./snapshot-invariants.ts";

export interface CheckOptions {
  readonly arm: Arm;
  readonly ledger: readonly LedgerRecord[];
  readonly snapshot: InvariantSnapshot;
  /** Longest wait for the transactions of the load to end. */
  readonly quietLimitMs?: number;
  readonly signal?: AbortSignal;
}

/** Most examples told of one rule. */
const EXAMPLES = 10;

/** Without a look before the run, old drift could not be told from new. */
const NO_SNAPSHOT: Outcome = { kind: "not-checked", reason: "it could not be checked before the run" };

/**
 * checkInvariants looks at one arm's database after the load, once no transaction writes there any more. If it does not get quiet
 * nothing is checked: a rule that is broken for a moment inside a transaction is no finding.
 */
export async function checkInvariants(dsn: string, options: CheckOptions): Promise<readonly InvariantResult[]> {
  const { arm, ledger, snapshot, quietLimitMs = 60_000, signal } = options;
  const context = { since: snapshot.since, entries: ledgerEntries(ledger, arm) };
  return withInvariantsConnection(dsn, async (client) => {
    const invariants = await invariantsFor(client);
    const quiet = await waitForQuiet(client, { limitMs: quietLimitMs, ...(signal === undefined ? {} : { signal }) });
    if (!quiet) {
      const reason = `Odoo was still writing ${Math.round(quietLimitMs / 1000)} s after the load`;
      return invariants.map((invariant) => resultOf(invariant, arm, { outcome: { kind: "not-checked", reason }, known: [] }));
    }
    return inSnapshot(client, async () => {
      const results: InvariantResult[] = [];
      for (const invariant of invariants) {
        const known = invariant.scope === "all" ? snapshot.broken[invariant.id] : [];
        const outcome = known === undefined ? NO_SNAPSHOT : await runInvariant(client, invariant, context);
        if (outcome.kind !== "not-applicable") results.push(resultOf(invariant, arm, { outcome, known: known ?? [] }));
      }
      return results;
    });
  });
}

/** resultOf leaves out what was broken before the run. */
function resultOf(
  invariant: Invariant,
  arm: Arm,
  found: { outcome: Exclude<Outcome, { kind: "not-applicable" }>; known: readonly string[] },
): InvariantResult {
  const { id, label } = invariant;
  const { outcome, known } = found;
  if (outcome.kind === "not-checked") {
    return { id, arm, label, status: "not-checked", checked: 0, violations: 0, examples: [outcome.reason] };
  }
  const before = new Set(known);
  const broken = outcome.violations.filter(({ key }) => !before.has(key));
  return {
    id,
    arm,
    label,
    status: broken.length === 0 ? "intact" : "broken",
    checked: outcome.checked,
    violations: broken.length,
    examples: broken.slice(0, EXAMPLES).map(({ example }) => example),
  };
}
