import { join } from "node:path";
import type { Client } from "pg";
import { HarnessError } from "../domain/error.ts";
import type { Progress } from "../domain/progress.ts";
import type { Chroot } from "./chroot.ts";
import type { LabOptions } from "./lab-context.ts";
import { type LabSecrets, ensureLabSecrets } from "./lab-secrets.ts";
import { type LabState, readLabState } from "./lab-state.ts";
import { postgresUrl, withPostgres } from "./postgres-service.ts";
import { isHealthy } from "./shared-services.ts";

/** RunningLab is a lab whose shared services run, with the means to work on it. */
export interface RunningLab {
  readonly chroot: Chroot;
  readonly state: LabState;
  readonly secrets: LabSecrets;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Connects to a database as superuser. */
  withDatabase<Result>(database: string, work: (client: Client) => Promise<Result>): Promise<Result>;
  /** Runs statements that PostgreSQL allows in no transaction, such as CREATE DATABASE, one after another. */
  admin(...statements: readonly string[]): Promise<void>;
}

/** openRunningLab opens the project's lab, or says that it has to be started. */
export async function openRunningLab(options: LabOptions): Promise<RunningLab> {
  const lab = labFolder(options.projectDir);
  const state = readLabState(lab);
  if (state === null || !(await isHealthy(lab, state))) {
    throw new HarnessError("cannot-measure", "The lab is not up", { hint: "Start it: peakproof lab up" });
  }
  const secrets = ensureLabSecrets(lab);
  const withDatabase = <Result>(database: string, work: (client: Client) => Promise<Result>) =>
    withPostgres(postgresUrl("postgres", secrets.postgres, state.ports.postgres, database), work);
  return {
    chroot: { root: state.entries.rootfs, lab },
    state,
    secrets,
    signal: options.signal,
    progress: options.progress,
    withDatabase,
    admin: (...statements) =>
      withDatabase("postgres", async (client) => {
        for (const statement of statements) await client.query(statement);
      }),
  };
}

/** labFolder is where the running state of a project's lab lives. */
export function labFolder(projectDir: string): string {
  return join(projectDir, ".lab");
}
