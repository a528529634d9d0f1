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
  /** Folders of the cache entries that the lab uses. */
  entries: z.strictObject({ rootfs: z.string(), shop: z.string(), k6: z.string(), traefik: z.string() }),
  ports: z.strictObject({ postgres: port, redis: port, metrics: port, baseline: port, candidate: port }),
});

const password = z.string().min(16);

const secretsSchema = z.strictObject({
  /** Passwords of the PostgreSQL roles. */
  postgres: password,
  odoo: password,
  probe: password,
  invariants: password,
  /** Master password of the Odoo servers, and password of the user that the scenarios log in as. */
  odooMaster: password,
  shopUser: password,
});

/** Folders of a lab with their owners and modes. */
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

/** LabOptions are the options of every command on the lab. */
export interface LabOptions {
  /** Folder whose subfolder `.lab` holds the lab's running state. */
  readonly projectDir: string;
  /** Folder of the cache. Default: the user's cache folder. */
  readonly cacheDir?: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** LabState is the part of a lab's state that later commands need. Running processes are recorded by the services themselves. */
export type LabState = z.infer<typeof schema>;

/** readLabState returns null where there is no lab, or a lab of another schema version, which is then set up again. */
export function readLabState(lab: string): LabState | null {
  try {
    return schema.parse(JSON.parse(readFileSync(statePath(lab), "utf8")));
  } catch {
    return null;
  }
}

/** writeLabState replaces the state file. */
export function writeLabState(lab: string, state: LabState): void {
  writeFileAtomicSync(statePath(lab), `${JSON.stringify(state, null, 2)}\n`);
}

/** LabSecrets are the random passwords of one lab. They are valid only on this machine's loopback interface. */
export type LabSecrets = z.infer<typeof secretsSchema>;

/** ensureLabSecrets reads the lab's secrets, and creates them where there are none. */
export function ensureLabSecrets(lab: string): LabSecrets {
  const path = join(lab, "secrets.json");
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // The file is missing or has another schema version. New secrets are sufficient, because passwords are set again at every
    // start.
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

/**
 * withLabLock prevents two commands from changing one lab at the same time. The second command fails at once, because the first
 * may take minutes.
 */
export async function withLabLock<Result>(lab: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  const onWait = (holderPid: number | null) => {
    throw new HarnessError(
      "cannot-measure",
      `Another peakproof${holderPid === null ? "" : ` (process ${holderPid})`} is using the lab ${lab}`,
      {
        hint: "Wait until that process ends, or stop it.",
      },
    );
  };
  return withLock(lab, "lab", { signal, onWait }, work);
}

/** makeLabFolders creates the folders of a lab (or of a shop during its build). The service that writes to a folder owns it. */
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

/** Hexadecimal digits need no quoting in SQL, in a URL or in a configuration file. */
function newPassword(): string {
  return randomBytes(16).toString("hex");
}
