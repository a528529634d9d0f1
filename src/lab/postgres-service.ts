import { join } from "node:path";
import { Client } from "pg";
import { HarnessError } from "../domain/error.ts";
import { type Chroot, chrootUser, inChroot } from "./chroot.ts";
import { POSTGRES_ACCESS, renderPostgresConfig } from "./postgres-config.ts";
import { runCommand } from "./run-command.ts";
import { readService, startService, stopService, watchForEnd } from "./service-process.ts";
import { waitUntil } from "./wait-until.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

const NAME = "postgres";
/** Debian 11 has PostgreSQL 13. */
export const POSTGRES_BIN = "/usr/lib/postgresql/13/bin";
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 30_000;

/** startPostgres starts the server on the data folder LAB/postgres and waits until it answers on its socket. */
export async function startPostgres(chroot: Chroot, port: number, signal: AbortSignal): Promise<void> {
  const owner = chrootUser(chroot.root, "postgres");
  const data = join(chroot.lab, "postgres");
  writeFileAtomically(join(data, "postgresql.conf"), renderPostgresConfig({ port, socketFolder: "/lab/run/postgres" }), {
    mode: 0o600,
    owner,
  });
  writeFileAtomically(join(data, "pg_hba.conf"), POSTGRES_ACCESS, { mode: 0o600, owner });
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

/** stopPostgres ends it by "fast shutdown": sessions are cut, the data folder is left clean. */
export async function stopPostgres(lab: string): Promise<void> {
  await stopService(lab, NAME, { signal: "SIGINT", graceMs: STOP_GRACE_MS });
}

/** runSqlAsSuperuser runs a script over the socket, where no password is needed; for what has to happen before there are passwords. */
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
    hint: `Read ${join(chroot.lab, "log", "postgres.out")}; "peakproof lab reset" makes the databases anew.`,
  });
}

/** postgresUrl is a connection string on the lab's server. */
export function postgresUrl(role: string, password: string, port: number, database: string): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`;
}

/** withPostgres gives a connection to some work and closes it. */
export async function withPostgres<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A server that goes away while the connection idles is reported by the next query.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    const { host, port } = client;
    throw new HarnessError("cannot-measure", `The lab's PostgreSQL (${host}:${port}) refused the connection`, {
      hint: 'Start the lab again: peakproof lab up. If that does not help: "peakproof lab reset".',
      cause: error,
    });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function isReady(chroot: Chroot, port: number, signal: AbortSignal): Promise<boolean> {
  if (readService(chroot.lab, NAME) === null) return false;
  const ready = [`${POSTGRES_BIN}/pg_isready`, "-q", "-h", "/lab/run/postgres", "-p", String(port)];
  await runCommand("pg_isready", inChroot(chroot, "postgres", ready), { signal, timeoutMs: 10_000, hint: "" });
  return true;
}
