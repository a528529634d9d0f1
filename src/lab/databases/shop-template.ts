import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { INVARIANTS_ROLE, PROBE_ROLE } from "../../domain/target/database-access.ts";
import { type Chroot, chrootUser, inChroot } from "../machine/chroot.ts";
import { hashText, packageFile, removeFolder } from "../machine/folders.ts";
import { findFreePorts } from "../machine/ports.ts";
import { runCommand } from "../machine/run-command.ts";
import { type OdooServer, runOdoo } from "../services/odoo.ts";
import { POSTGRES_BIN, runSqlAsSuperuser, startPostgres, stopPostgres } from "../services/postgres.ts";
import type { CacheRecipe } from "../setup/cache.ts";
import { countOdooModules } from "../setup/work-done.ts";
import { type LabOptions, makeLabFolders } from "../state/state.ts";

/** SHOP_DATABASE is the template database of every release. */
export const SHOP_DATABASE = "pp_shop";

const MODULES = [
  "website_sale",
  "website_sale_stock",
  "sale_management",
  "stock",
  "stock_picking_batch",
  "payment_test",
  "delivery",
  "point_of_sale",
];
/** Measured on two cores: initialisation 47 s; the catalogue takes about as long. */
const INSTALL_EXPECTED_MS = 55_000;
const SEED_EXPECTED_MS = 45_000;
const TIMEOUT_MS = 20 * 60_000;
const MUST_HAVE = ["postgres/PG_VERSION", "odoo/data/filestore", "shop.json"];

/** SHOP_LOGIN is the login that seed.py creates for the scenarios. */
export const SHOP_LOGIN = "peakproof";

/** CUSTOMER_LOGIN is the portal user that the seed creates for logged-in visitors. */
export const CUSTOMER_LOGIN = "peakproof-customer";

/** SHOP_ROLES_SQL creates the roles of the lab's server, without passwords. */
const SHOP_ROLES_SQL = `
create role odoo login createdb;
create role ${PROBE_ROLE} login in role pg_monitor connection limit 10;
alter role ${PROBE_ROLE} set default_transaction_read_only = on;
alter role ${PROBE_ROLE} set statement_timeout = '5s';
create role ${INVARIANTS_ROLE} login connection limit 10;
alter role ${INVARIANTS_ROLE} set default_transaction_read_only = on;
alter role ${INVARIANTS_ROLE} set statement_timeout = '60s';
create extension if not exists pg_stat_statements;
`;

/**
 * ARM_GRANTS_SQL lets the invariants role read all tables of an arm, including those of the release, except the tables with the
 * hashes of passwords and API keys.
 */
export const ARM_GRANTS_SQL = `
grant select on all tables in schema public to ${INVARIANTS_ROLE};
grant select on all sequences in schema public to ${INVARIANTS_ROLE};
revoke select on res_users, res_users_apikeys from ${INVARIANTS_ROLE};
`;

const shopSchema = z.looseObject({ products: z.number(), customers: z.number() });

/** Shop is the summary that seed.py prints. */
type Shop = z.infer<typeof shopSchema>;

/** shopRecipe builds a PostgreSQL data folder and a filestore with a shop: modules, catalogue, stock, customers and API user. */
export function shopRecipe(rootfs: string, options: LabOptions): CacheRecipe {
  const seed = readFileSync(packageFile("fixtures", "shop", "seed.py"), "utf8");
  return {
    kind: "shop",
    recipe: JSON.stringify({
      version: 1,
      rootfs: basename(rootfs),
      modules: MODULES,
      roles: hashText(SHOP_ROLES_SQL),
      seed: hashText(seed),
    }),
    findDefect: (folder) =>
      MUST_HAVE.filter((path) => !existsSync(join(folder, path))).map((path) => `${path} is missing`)[0] ?? null,
    build: (folder) => buildShop({ root: rootfs, lab: folder }, seed, options),
  };
}

async function buildShop(chroot: Chroot, seed: string, options: LabOptions): Promise<void> {
  const { signal, progress } = options;
  makeLabFolders(chroot);
  progress.stage("Shop database: Odoo's modules", INSTALL_EXPECTED_MS);
  await initialiseCluster(chroot, signal);
  const [port = 0] = await findFreePorts(1);
  await startPostgres(chroot, port, signal);
  // This password is temporary: it is removed at the end of the build, and each lab sets its own passwords.
  const password = hashText(`${process.pid} ${Math.random()}`);
  const sql = `${SHOP_ROLES_SQL}set pg_stat_statements.track = 'none';\nalter role odoo password '${password}';\n`;
  await runSqlAsSuperuser(chroot, { port, database: "postgres", sql, what: "Creating the database roles" }, signal);
  const server: OdooServer = {
    database: SHOP_DATABASE,
    dataFolder: "/lab/odoo/data",
    logFile: null,
    addonsFolders: [],
    serverWideModules: [],
    postgresPort: port,
    postgresPassword: password,
    masterPassword: password,
    http: null,
  };
  const count = countOdooModules();
  const onLine = (line: string) => {
    const { share, detail } = count(line);
    progress.update(share, detail);
  };
  const hint = "Run the command again. The incomplete build has been removed.";
  const install = ["-d", SHOP_DATABASE, "-i", MODULES.join(","), "--stop-after-init"];
  await runOdoo(
    chroot,
    { what: "Installing Odoo's modules", server, argv: install, timeoutMs: TIMEOUT_MS, onLine, hint },
    signal,
  );
  progress.stage("Shop database: catalogue, stock and customers", SEED_EXPECTED_MS);
  const argv = ["shell", "-d", SHOP_DATABASE, "--no-http"];
  const output = await runOdoo(
    chroot,
    { what: "Seeding the shop", server, argv, input: seed, timeoutMs: TIMEOUT_MS, hint },
    signal,
  );
  writeFileSync(join(chroot.lab, "shop.json"), `${JSON.stringify(parseShop(output), null, 2)}\n`);
  const extension = "create extension if not exists pg_stat_statements;\nvacuum analyze;\nalter role odoo password null;\n";
  await runSqlAsSuperuser(chroot, { port, database: SHOP_DATABASE, sql: extension, what: "Vacuuming the shop" }, signal);
  await stopPostgres(chroot.lab);
  for (const folder of ["tmp", "run", "log"]) await removeFolder(join(chroot.lab, folder));
}

async function initialiseCluster(chroot: Chroot, signal: AbortSignal): Promise<void> {
  const data = join(chroot.lab, "postgres");
  const { uid, gid } = chrootUser(chroot.root, "postgres");
  mkdirSync(data, { mode: 0o700 });
  chownSync(data, uid, gid);
  const initdb = [
    `${POSTGRES_BIN}/initdb`,
    "-D",
    "/lab/postgres",
    "-E",
    "UTF8",
    "--locale=C.UTF-8",
    "-A",
    "peer",
    "-U",
    "postgres",
  ];
  await runCommand("initdb", inChroot(chroot, "postgres", initdb), {
    signal,
    timeoutMs: 120_000,
    hint: "Check that the disk is not full.",
  });
}

/** parseShop reads the last line of seed.py's output that is JSON. */
function parseShop(output: string): Shop {
  const line = output.split("\n").findLast((text) => text.startsWith("{"));
  const shop = shopSchema.safeParse(line === undefined ? null : JSON.parse(line));
  if (shop.success) return shop.data;
  throw new HarnessError(
    "cannot-measure",
    "The output of fixtures/shop/seed.py has no JSON line with the numbers of products and customers",
    {
      hint: "Run the script in an Odoo shell to find the cause.",
      cause: shop.error,
    },
  );
}
