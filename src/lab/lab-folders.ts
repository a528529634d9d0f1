import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Chroot, chrootUser } from "./chroot.ts";

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
