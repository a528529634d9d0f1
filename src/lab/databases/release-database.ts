import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { Client } from "pg";

import { HarnessError } from "../../domain/error.ts";
import type { Release, ReleaseSpec } from "../../domain/target/release.ts";
import { chrootUser } from "../machine/chroot.ts";
import { copyTree, hashFolder, hashText, isCompiledPython, removeFolder } from "../machine/folders.ts";
import { runCommand } from "../machine/run-command.ts";
import { type OdooServer, runOdoo } from "../services/odoo.ts";
import type { RunningLab } from "../services/running-lab.ts";
import { readOdooVersion } from "../setup/rootfs.ts";
import { countOdooModules } from "../setup/work-done.ts";
import { SHOP_DATABASE } from "./shop-template.ts";

/** ReleaseDatabase is the shop database with the modules of a release installed. It is the template of an arm's database. */
export interface ReleaseDatabase {
  readonly database: string;
  /** Folder of the database's files on the host. */
  readonly filestore: string;
  /** Folder of the release's addons, as Odoo sees it. It is a copy, so edits during a run have no effect. */
  readonly addonsFolder: string;
  readonly release: Release;
}

/** Measured: 10 s for a small addon on two cores. */
const EXPECTED_MS = 15_000;
const TIMEOUT_MS = 15 * 60_000;

/** ensureReleaseDatabase creates the template database of a release, unless one with the same content exists. */
export async function ensureReleaseDatabase(lab: RunningLab, spec: ReleaseSpec): Promise<ReleaseDatabase> {
  checkAddons(spec);
  const addons = hashFolder(spec.addonsPath);
  const key = hashText(JSON.stringify([lab.state.entries.shop, addons, spec.modules]));
  const folder = join(lab.chroot.lab, "releases", key);
  const [database, draft] = [`pp_release_${key}`, `pp_draft_${key}`];
  if (!existsSync(folder) || !(await hasDatabase(lab, database))) {
    lab.progress.stage(`Release ${spec.label}: installing ${spec.modules.join(", ")}`, EXPECTED_MS);
    await lab.admin(`drop database if exists ${database}`, `drop database if exists ${draft}`);
    await removeFolder(folder);
    mkdirSync(join(folder, "data/filestore"), { recursive: true });
    await copyTree(
      join(lab.state.entries.shop, "odoo/data/filestore", SHOP_DATABASE),
      join(folder, "data/filestore", draft),
      lab.signal,
    );
    await copyAddons(lab, spec, folder);
    await lab.admin(`create database ${draft} template ${SHOP_DATABASE} owner odoo`);
    await installModules(lab, spec, key, draft);
    // Without this, autovacuum would vacuum the tables a minute later, in the middle of a run.
    await lab.withDatabase(draft, (client) => client.query("vacuum analyze"));
    // Only a complete installation gets the name without "draft".
    await lab.admin(`alter database ${draft} rename to ${database}`);
  }
  const identity = await lab.withDatabase(database, (client) => identifyRelease(client, spec));
  const gitRevision = await findGitRevision(spec.addonsPath, lab.signal);
  return {
    database,
    filestore: join(folder, "data/filestore", draft),
    addonsFolder: `/lab/releases/${key}/addons`,
    release: {
      label: spec.label,
      identity: { addons, odoo: readOdooVersion(lab.chroot.root), ...identity, ...(gitRevision === null ? {} : { gitRevision }) },
    },
  };
}

/**
 * findGitRevision returns the commit of a folder's content, or null where the folder is not in a git repository. With uncommitted
 * changes the text says so, because the commit alone would name other code than the code that ran.
 */
export async function findGitRevision(folder: string, signal: AbortSignal): Promise<string | null> {
  // The process runs as root in a user's clone. git refuses that unless the folder is declared safe.
  const git = (...argv: readonly string[]) =>
    runCommand("git", ["git", "-c", "safe.directory=*", "-C", folder, ...argv], { signal, timeoutMs: 20_000, hint: "" });
  try {
    const revision = (await git("log", "-1", "--format=%H", "--", ".")).trim();
    if (revision === "") return null;
    return (await git("status", "--porcelain", "--", ".")) === "" ? revision : `${revision} with local changes`;
  } catch {
    return null;
  }
}

function checkAddons(spec: ReleaseSpec): void {
  const present = existsSync(spec.addonsPath) ? readdirSync(spec.addonsPath) : [];
  const missing = spec.modules.filter(
    (module) => !present.includes(module) || !existsSync(join(spec.addonsPath, module, "__manifest__.py")),
  );
  if (missing.length === 0) return;
  throw new HarnessError("cannot-measure", `Release ${spec.label}: ${spec.addonsPath} has no addon ${missing.join(", ")}`, {
    hint: "Correct `addons` or `modules` of the release in peakproof.yaml.",
  });
}

async function hasDatabase(lab: RunningLab, database: string): Promise<boolean> {
  return lab.withDatabase("postgres", async (client) => {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [database]);
    return rowCount === 1;
  });
}

async function copyAddons(lab: RunningLab, spec: ReleaseSpec, folder: string): Promise<void> {
  const addons = join(folder, "addons");
  cpSync(spec.addonsPath, addons, {
    recursive: true,
    dereference: true,
    filter: (path) => !isCompiledPython(path.split("/").at(-1) ?? ""),
  });
  const { uid, gid } = chrootUser(lab.chroot.root, "odoo");
  const options = { signal: lab.signal, timeoutMs: 60_000, hint: "Check that the disk is not full." };
  await runCommand("chown", ["chown", "-R", `${uid}:${gid}`, folder], options);
  await runCommand("chmod", ["chmod", "-R", "u+rwX,go+rX", addons], options);
  chmodSync(folder, 0o755);
}

async function installModules(lab: RunningLab, spec: ReleaseSpec, key: string, database: string): Promise<void> {
  const server: OdooServer = {
    database,
    dataFolder: `/lab/releases/${key}/data`,
    logFile: null,
    addonsFolders: [`/lab/releases/${key}/addons`],
    serverWideModules: [],
    postgresPort: lab.state.ports.postgres,
    postgresPassword: lab.secrets.odoo,
    masterPassword: lab.secrets.odooMaster,
    http: null,
  };
  const what = `Release ${spec.label}: installing ${spec.modules.join(", ")}`;
  const count = countOdooModules();
  const onLine = (line: string) => {
    const { share, detail } = count(line);
    lab.progress.update(share, detail);
  };
  const argv = ["-d", database, "-i", spec.modules.join(","), "--stop-after-init"];
  const hint = "Correct the release's addons. The end of Odoo's log is shown above.";
  await runOdoo(lab.chroot, { what, server, argv, timeoutMs: TIMEOUT_MS, onLine, hint }, lab.signal);
  rmSync(join(lab.chroot.lab, "odoo", `odoo-${database}.conf`), { force: true });
  const unfinished = await lab.withDatabase(database, (client) => findUnfinished(client, spec));
  if (unfinished.length > 0) {
    throw new HarnessError("cannot-measure", `${what}: these modules are not installed: ${unfinished.join(", ")}`, { hint });
  }
}

/** findUnfinished lists the modules that Odoo did not install. Odoo exits with 0 even where a module does not exist. */
async function findUnfinished(client: Client, spec: ReleaseSpec): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; state: string }>(
    "select name, state from ir_module_module where name = any($1) or state like 'to %'",
    [spec.modules],
  );
  const unfinished = rows.filter(({ state }) => state !== "installed").map(({ name, state }) => `${name} (${state})`);
  const unknown = spec.modules.filter((module) => !rows.some(({ name }) => name === module));
  return [...unfinished, ...unknown];
}

/** identifyRelease returns the versions of the release's modules and a hash of all columns and indexes. */
async function identifyRelease(client: Client, spec: ReleaseSpec): Promise<Record<string, string>> {
  const modules = await client.query<{ module: string }>(
    "select name || ' ' || latest_version as module from ir_module_module where name = any($1) order by name",
    [spec.modules],
  );
  const schema = await client.query<{ line: string }>(
    `select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) as line
     from information_schema.columns where table_schema = 'public'
     union all select indexdef from pg_indexes where schemaname = 'public' order by line`,
  );
  return {
    modules: modules.rows.map(({ module }) => module).join(", "),
    schema: hashText(schema.rows.map(({ line }) => line).join("\n")),
  };
}
