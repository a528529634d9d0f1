import { join } from "node:path";

import { Client } from "pg";

import { HarnessError } from "../../domain/error.ts";
import { writeFileAtomicSync } from "../../files/atomic-file.ts";
import { type Chroot, chrootUser, inChroot } from "../machine/chroot.ts";
import { runCommand, waitUntil } from "../machine/run-command.ts";
import { readService, startService, stopService, watchForEnd } from "../machine/service-process.ts";

const NAME = "postgres";
/** Debian 11 has PostgreSQL 13. */
export const POSTGRES_BIN = "/usr/lib/postgresql/13/bin";
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 30_000;

/** startPostgres starts the server on the data folder LAB/postgres and waits until it answers on its socket. */
export async function startPostgres(chroot: Chroot, port: number, signal: AbortSignal): Promise<void> {
  const owner = chrootUser(chroot.root, "postgres");
  const data = join(chroot.lab, "postgres");
  writeFileAtomicSync(join(data, "postgresql.conf"), renderPostgresConfig({ port, socketFolder: "/lab/run/postgres" }), {
    mode: 0o600,
    owner,
  });
  writeFileAtomicSync(join(data, "pg_hba.conf"), POSTGRES_ACCESS, { mode: 0o600, owner });
  startService(chroot.lab, {
    name: NAME,
    argv: inChroot(chroot, "postgres", [`${POSTGRES_BIN}/postgres`, "-D", "/lab/postgres"]),
    environment: { LANG: "C.UTF-8" },
  });
  const hint = `Read ${join(chroot.lab, "log", "postgres.out")}.`;
  const isHopeless = watchForEnd(chroot.lab, NAME);
  await waitUntil("PostgreSQL did not start", () => isReady(chroot, port, signal), {
    timeoutMs: START_TIMEOUT_MS,
    signal,
    hint,
    isHopeless,
  });
}

/** stopPostgres requests a "fast shutdown": sessions are ended and the data folder is left clean. */
export async function stopPostgres(lab: string): Promise<void> {
  await stopService(lab, NAME, { signal: "SIGINT", graceMs: STOP_GRACE_MS });
}

/** runSqlAsSuperuser runs a script over the socket, which needs no password. It is for steps before passwords exist. */
export async function runSqlAsSuperuser(
  chroot: Chroot,
  target: { port: number; database: string; sql: string; what: string },
  signal: AbortSignal,
): Promise<string> {
  const psql = [
    "psql",
    "-h",
    "/lab/run/postgres",
    "-p",
    String(target.port),
    "-d",
    target.database,
    "-AtqX",
    "-v",
    "ON_ERROR_STOP=1",
    "-f",
    "-",
  ];
  return runCommand(target.what, inChroot(chroot, "postgres", psql), {
    signal,
    timeoutMs: 120_000,
    input: target.sql,
    hint: `Read ${join(chroot.lab, "log", "postgres.out")}; "peakproof lab reset" creates the databases again.`,
  });
}

/** postgresUrl returns a connection string for the lab's server. */
export function postgresUrl(role: string, password: string, port: number, database: string): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`;
}

/** withPostgres opens a connection for some work and closes it afterwards. */
export async function withPostgres<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection that is lost while idle is reported by the next query.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    const { host, port } = client;
    throw new HarnessError("cannot-measure", `The lab's PostgreSQL (${host}:${port}) refused the connection`, {
      hint: 'Start the lab again: peakproof lab up. If that does not help, run "peakproof lab reset".',
      cause: error,
    });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * renderPostgresConfig renders postgresql.conf. Durability stays on (fsync, synchronous_commit), because WAL and commits are part
 * of the measurement. Checkpoints are far apart, because a checkpoint in a run would affect both arms at a random moment.
 *
 * Autovacuum visits each database once in `autovacuum_naptime`, one after the other. With the default of one minute, one arm got
 * new statistics and lost its dead rows up to a minute before the other, which is most of a run of 90 s. With 10 s the difference
 * is one block at most. Autovacuum stays on because a production shop has it, and a long campaign without it would bloat.
 *
 * Utility statements are not tracked. Odoo uses a new name for each savepoint, and those entries would displace the other
 * statements.
 */
export function renderPostgresConfig(options: { port: number; socketFolder: string }): string {
  return `listen_addresses = '127.0.0.1'
port = ${options.port}
unix_socket_directories = '${options.socketFolder}'
password_encryption = 'scram-sha-256'
max_connections = 200
shared_buffers = '256MB'
max_wal_size = '4GB'
checkpoint_timeout = '15min'
checkpoint_completion_target = 0.9
fsync = on
synchronous_commit = on
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.max = 20000
pg_stat_statements.track = 'top'
pg_stat_statements.track_utility = off
autovacuum_naptime = 10s
track_io_timing = on
log_line_prefix = '%m [%p] %d '
log_autovacuum_min_duration = 0
log_checkpoints = on
log_lock_waits = on
log_timezone = 'UTC'
timezone = 'UTC'
`;
}

/** POSTGRES_ACCESS is pg_hba.conf: passwords over loopback; on the socket only the operating system's user postgres. */
export const POSTGRES_ACCESS = `local all postgres peer
host all all 127.0.0.1/32 scram-sha-256
`;

async function isReady(chroot: Chroot, port: number, signal: AbortSignal): Promise<boolean> {
  if (readService(chroot.lab, NAME) === null) return false;
  const ready = [`${POSTGRES_BIN}/pg_isready`, "-q", "-h", "/lab/run/postgres", "-p", String(port)];
  await runCommand("pg_isready", inChroot(chroot, "postgres", ready), { signal, timeoutMs: 10_000, hint: "" });
  return true;
}
