import { join } from "node:path";

import type { Client } from "pg";

import { type Arm, ARMS } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { Progress } from "../../domain/progress.ts";
import { INVARIANTS_ROLE, PROBE_ROLE } from "../../domain/target/database-access.ts";
import type { Chroot } from "../machine/chroot.ts";
import { readService } from "../machine/service-process.ts";
import { ensureLabSecrets, type LabOptions, type LabSecrets, type LabState, readLabState } from "../state/state.ts";
import { stopOdoo } from "./odoo.ts";
import { postgresUrl, runSqlAsSuperuser, startPostgres, stopPostgres, withPostgres } from "./postgres.ts";
import { isRedisHealthy, startRedis, stopRedis } from "./redis.ts";
import { isTraefikHealthy, startTraefik, stopTraefik } from "./traefik.ts";

/** RunningLab is a lab whose shared services run, with functions to work on it. */
export interface RunningLab {
  readonly chroot: Chroot;
  readonly state: LabState;
  readonly secrets: LabSecrets;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Opens a connection to a database as superuser. */
  withDatabase<Result>(database: string, work: (client: Client) => Promise<Result>): Promise<Result>;
  /** Runs statements one after another, outside of a transaction, as CREATE DATABASE needs. */
  admin(...statements: readonly string[]): Promise<void>;
}

/** openRunningLab opens the project's lab, or throws where the lab is not up. */
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

/** labFolder is the folder of the running state of a project's lab. */
export function labFolder(projectDir: string): string {
  return join(projectDir, ".lab");
}

/** SHARED_SERVICES are the services that both arms use, in the order in which they start. */
export const SHARED_SERVICES = ["postgres", "redis", "traefik"] as const;

/** odooServiceName is the service name of an arm's Odoo. */
export function odooServiceName(arm: Arm): string {
  return `odoo-${arm}`;
}

/** startSharedServices starts PostgreSQL, Redis and Traefik. Each one starts when the one before it answers. */
export async function startSharedServices(chroot: Chroot, state: LabState, signal: AbortSignal): Promise<void> {
  const secrets = ensureLabSecrets(chroot.lab);
  await startPostgres(chroot, state.ports.postgres, signal);
  const sql = passwordsSql(secrets);
  await runSqlAsSuperuser(
    chroot,
    { port: state.ports.postgres, database: "postgres", sql, what: "Setting the roles' passwords" },
    signal,
  );
  await startRedis(chroot, state.ports.redis, signal);
  await startTraefik(chroot, { binary: state.entries.traefik, ports: state.ports }, signal);
}

/**
 * stopAllServices stops all services in reverse order. It needs only the process records, so it also works where some services
 * have ended.
 */
export async function stopAllServices(lab: string): Promise<void> {
  await Promise.all(ARMS.map((arm) => stopOdoo(lab, odooServiceName(arm))));
  await stopTraefik(lab);
  await stopRedis(lab);
  await stopPostgres(lab);
}

/** isHealthy says whether all shared services run and answer. */
export async function isHealthy(lab: string, state: LabState): Promise<boolean> {
  if (SHARED_SERVICES.some((name) => readService(lab, name) === null)) return false;
  const url = postgresUrl("postgres", ensureLabSecrets(lab).postgres, state.ports.postgres, "postgres");
  try {
    await withPostgres(url, (client) => client.query("select 1"));
    return (await isRedisHealthy(state.ports.redis)) && (await isTraefikHealthy(state.ports.metrics));
  } catch {
    return false;
  }
}

/** The track setting keeps the passwords out of pg_stat_statements, which stores the text of such statements unchanged. */
function passwordsSql(secrets: LabSecrets): string {
  return `set pg_stat_statements.track = 'none';
alter role postgres password '${secrets.postgres}';
alter role odoo password '${secrets.odoo}';
alter role ${PROBE_ROLE} password '${secrets.probe}';
alter role ${INVARIANTS_ROLE} password '${secrets.invariants}';
`;
}
