import type { Arm } from "../domain/arm.ts";
import { HarnessError } from "../domain/error.ts";
import type { CleanedArm } from "../domain/load/ledger.ts";
import type { Progress } from "../domain/progress.ts";
import type { ArmEndpoint, Target } from "../domain/target/target.ts";
import { cleanArm } from "../odoo/cleanup/clean-arm.ts";
import { requireVersion } from "../odoo/connection/server.ts";
import { readRunTrail, type RunTrail } from "./run-trail.ts";

export interface CleanupOptions {
  readonly bundles: readonly string[];
  /** Where the runs wrote, with the users that they loaded as. */
  readonly target: Target;
  /** A user that may delete; null where those of the load may. */
  readonly user: { readonly login: string; readonly password: string } | null;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * cleanUpRuns undoes what runs wrote to their target, run by run and arm by arm, the latest first: a count is taken back from what
 * it left, and a later count may have left less. All bundles are read and held against the target first: the stamp of a run is not found in a database that it never loaded, and that would read like a clean one.
 */
export async function cleanUpRuns(options: CleanupOptions): Promise<readonly CleanedArm[]> {
  const { target, user, signal, progress } = options;
  const trails: RunTrail[] = [];
  for (const bundle of options.bundles) trails.push(await readRunTrail(bundle));
  trails.sort((a, b) => b.sinceMs - a.sinceMs);
  const work = trails.flatMap((trail) => trail.arms.map((arm) => ({ trail, arm, account: accountOf(target, trail, arm) })));
  const cleaned: CleanedArm[] = [];
  for (const { trail, arm, account } of work) {
    await requireVersion(account.baseUrl);
    progress.note(describe(trail, arm));
    const loadedBy = account.login;
    cleaned.push(await cleanArm({ ...trail, account: { ...account, ...user }, loadedBy, arm, signal, progress }));
  }
  return cleaned;
}

function accountOf(target: Target, trail: RunTrail, arm: Arm): ArmEndpoint {
  const endpoint = target.arms[arm];
  if (endpoint === undefined) {
    throw new HarnessError("usage", `${trail.bundle} loaded a ${arm}, and the target has none`, {
      hint: `Name target.arms.${arm} in the config, as it was when the run was made.`,
    });
  }
  const loaded = trail.databases[arm];
  if (loaded !== undefined && loaded !== endpoint.database) {
    throw new HarnessError("usage", `${trail.bundle} loaded database ${loaded}, and the ${arm} is ${endpoint.database} now`, {
      hint: "Give the config with which the run was made: --config FILE.",
    });
  }
  return endpoint;
}

function describe({ runId, ledger }: RunTrail, arm: Arm): string {
  const refs = (kind: string) =>
    new Set(ledger.filter((record) => record.arm === arm && (kind === "" || record.ledger === kind)).map(({ ref }) => ref));
  const [begun, done] = [refs("").size, refs("done").size];
  return `run ${runId}, ${arm}: the ledger names ${begun} transactions, ${begun - done} of them not seen to end`;
}
