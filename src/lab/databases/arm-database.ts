import { pbkdf2Sync, randomBytes } from "node:crypto";
import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { type Arm, ARMS } from "../../domain/arm.ts";
import type { ReleaseSpec } from "../../domain/target/release.ts";
import { chrootUser } from "../machine/chroot.ts";
import { linkTree, removeFolder } from "../machine/folders.ts";
import type { RunningLab } from "../services/running-lab.ts";
import type { ReleaseDatabase } from "./release-database.ts";
import { ARM_GRANTS_SQL, CUSTOMER_LOGIN, SHOP_LOGIN } from "./shop-template.ts";

/** Rounds of pbkdf2_sha512 that Odoo 14 to 18 expect (passlib's default). Odoo replaces a hash with fewer rounds. */
const ROUNDS = 25_000;

/** ArmDatabase is an arm's clone of a release's database. */
export interface ArmDatabase {
  readonly arm: Arm;
  readonly spec: ReleaseSpec;
  readonly source: ReleaseDatabase;
  readonly database: string;
}

/** dropArmDatabases removes the databases of an earlier run and ends their sessions. */
export async function dropArmDatabases(lab: RunningLab): Promise<void> {
  for (const arm of ARMS) {
    await lab.admin(`drop database if exists ${databaseName(arm)} with (force)`);
    await removeFolder(join(lab.chroot.lab, "arms", arm));
  }
}

/** cloneArmDatabase copies a release's database and files. */
export async function cloneArmDatabase(
  lab: RunningLab,
  arm: Arm,
  spec: ReleaseSpec,
  source: ReleaseDatabase,
): Promise<ArmDatabase> {
  const database = databaseName(arm);
  await lab.admin(`create database ${database} template ${source.database} owner odoo`);
  const { uid, gid } = chrootUser(lab.chroot.root, "odoo");
  let folder = join(lab.chroot.lab, "arms");
  for (const name of [arm, "data", "filestore"]) {
    folder = join(folder, name);
    mkdirSync(folder);
    chownSync(folder, uid, gid);
  }
  await linkTree(source.filestore, join(folder, database), lab.signal);
  return { arm, spec, source, database };
}

/**
 * freshenArmDatabase grants the invariants role its rights, sets the passwords of the API user and of the customer, and vacuums and
 * analyses the database.
 */
export async function freshenArmDatabase(lab: RunningLab, { database }: ArmDatabase): Promise<void> {
  await lab.withDatabase(database, async (client) => {
    await client.query(ARM_GRANTS_SQL);
    const password = hashOdooPassword(lab.secrets.shopUser);
    const logins = [SHOP_LOGIN, CUSTOMER_LOGIN];
    const { rowCount } = await client.query("update res_users set password = $1 where login = any($2)", [password, logins]);
    if (rowCount !== logins.length) throw new Error(`the shop database lacks one of the users ${logins.join(", ")}`);
    await client.query("vacuum analyze");
  });
}

/** hashOdooPassword returns a value for res_users.password, in passlib's format `$pbkdf2-sha512$rounds$salt$checksum`. */
export function hashOdooPassword(password: string, salt: Buffer = randomBytes(16)): string {
  const checksum = pbkdf2Sync(password, salt, ROUNDS, 64, "sha512");
  return `$pbkdf2-sha512$${ROUNDS}$${toPasslibBase64(salt)}$${toPasslibBase64(checksum)}`;
}

function databaseName(arm: Arm): string {
  return `pp_${arm}`;
}

/** passlib's base64 has no padding and uses "." instead of "+". */
function toPasslibBase64(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", ".").replaceAll("=", "");
}
