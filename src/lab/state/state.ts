import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import type { Progress } from "../../domain/progress.ts";
import { writeFileAtomicSync } from "../../files/atomic-file.ts";
import { type Chroot, chrootUser } from "../machine/chroot.ts";
import { withLock } from "../machine/lock.ts";

const port = z.number().int().min(1).max(65_535);

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Folders of the cache entries that the lab runs from. */
  entries: z.strictObject({ rootfs: z.string(), shop: z.string(), k6: z.string(), traefik: z.string() }),
  ports: z.strictObject({ postgres: port, redis: port, metrics: port, baseline: port, candidate: port }),
});

const password = z.string().min(16);

const secretsSchema = z.strictObject({
  /** PostgreSQL roles. */
  postgres: password,
  odoo: password,
  probe: password,
  invariants: password,
  /** Master password of the Odoo servers and password of the user that the scenarios log in as. */
  odooMaster: password,
  shopUser: password,
});

/** Folders of a lab, and whose they are. */
const FOLDERS: readonly {
  readonly path: string;
  readonly user: "root" | "odoo" | "postgres" | "redis";
  readonly mode: number;
}[] = [
  { path: "tmp", user: "root", mode: 0o1777 },
  { path: "run", user: "root", mode: 0o755 },
  { path: "run/postgres", user: "postgres", mode: 0o755 },
  { path: "log", user: "root", mode: 0o1777 },
  { path: "redis", user: "redis", mode: 0o700 },
  { path: "odoo", user: "odoo", mode: 0o755 },
  { path: "arms", user: "odoo", mode: 0o755 },
  { path: "releases", user: "odoo", mode: 0o755 },
  { path: "traefik", user: "root", mode: 0o755 },
];

/** LabOptions is what every command on the lab is told. */
export interface LabOptions {
  /** The lab's running state is in `.lab` of this folder. */
  readonly projectDir: string;
  /** Where what is dear to make is kept; the user's cache folder where it is left out. */
  readonly cacheDir?: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** LabState is what a later command has to know of a lab. Which processes run stands in the records of the services. */
export type LabState = z.infer<typeof schema>;

/** readLabState returns null where there is no lab, or one of another schema version, which is then set up again. */
export function readLabState(lab: string): LabState | null {
  try {
    return schema.parse(JSON.parse(readFileSync(statePath(lab), "utf8")));
  } catch {
    return null;
  }
}

/** writeLabState replaces the state. */
export function writeLabState(lab: string, state: LabState): void {
  writeFileAtomicSync(statePath(lab), `${JSON.stringify(state, null, 2)}\n`);
}

/** LabSecrets are made anew for each lab, and are good on this machine's loopback interface only. */
export type LabSecrets = z.infer<typeof secretsSchema>;

/** ensureLabSecrets reads the lab's secrets and makes them where there are none. */
export function ensureLabSecrets(lab: string): LabSecrets {
  const path = join(lab, "secrets.json");
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Missing or from another version of the schema: new ones do, since they are set again at every start.
  }
  const secrets: LabSecrets = {
    postgres: newPassword(),
    odoo: newPassword(),
    probe: newPassword(),
    invariants: newPassword(),
    odooMaster: newPassword(),
    shopUser: newPassword(),
  };
  writeFileAtomicSync(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

/** withLabLock keeps two commands from changing one lab at a time; the second ends at once, since the first may take minutes. */
export async function withLabLock<Result>(lab: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  const onWait = (holderPid: number | null) => {
    throw new HarnessError(
      "cannot-measure",
      `Another peakproof${holderPid === null ? "" : ` (process ${holderPid})`} is using the lab ${lab}`,
      {
        hint: "Wait for it to end, or stop it.",
      },
    );
  };
  return withLock(lab, "lab", { signal, onWait }, work);
}

/** makeLabFolders makes the folders of a lab (or of a shop that is being built), each owned by the service that writes to it. */
export function makeLabFolders(chroot: Chroot): void {
  for (const { path, user, mode } of FOLDERS) {
    const folder = join(chroot.lab, path);
    mkdirSync(folder, { recursive: true });
    const owner = user === "root" ? { uid: 0, gid: 0 } : chrootUser(chroot.root, user);
    chownSync(folder, owner.uid, owner.gid);
    chmodSync(folder, mode);
  }
}

function statePath(lab: string): string {
  return join(lab, "state.json");
}

/** Hexadecimal needs no quoting in SQL, in a URL or in a configuration file. */
function newPassword(): string {
  return randomBytes(16).toString("hex");
}
