import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CacheRecipe } from "./cache-entry.ts";
import { findDebianMirror } from "./debian-mirror.ts";
import type { LabOptions } from "./lab-context.ts";
import { ensureRootfsPrerequisites } from "./prerequisites.ts";
import { POSTGRES_BIN } from "./postgres-service.ts";
import { runCommand } from "./run-command.ts";

/** Debian 11 is the last release that packages Odoo. Its security suite names packages that it no longer serves, so main alone. */
const SUITE = "bullseye";
const PACKAGES = ["odoo-14", "postgresql", "redis-server", "python3-redis", "ca-certificates"];
/** Measured: 80 s on two cores. */
const EXPECTED_MS = 80_000;
const TIMEOUT_MS = 20 * 60_000;
const MUST_HAVE = ["usr/bin/odoo", `${POSTGRES_BIN.slice(1)}/postgres`, "usr/bin/redis-server", "etc/passwd", "lab"];
const VERSION_FILE = "etc/peakproof-odoo-version";

/** rootfsRecipe is the root filesystem with Odoo, PostgreSQL and Redis from Debian's own packages. */
export function rootfsRecipe(options: LabOptions): CacheRecipe {
  return {
    kind: "rootfs",
    recipe: JSON.stringify({ version: 1, suite: SUITE, packages: PACKAGES, architecture: process.arch }),
    findFault: (folder) =>
      MUST_HAVE.filter((path) => !existsSync(join(folder, path))).map((path) => `${path} is missing`)[0] ?? null,
    build: (folder) => buildRootfs(folder, options),
  };
}

/** readOdooVersion returns the version of the Odoo package, with Debian's patch level. */
export function readOdooVersion(rootfs: string): string {
  return readFileSync(join(rootfs, VERSION_FILE), "utf8").trim();
}

async function buildRootfs(folder: string, { signal, progress }: LabOptions): Promise<void> {
  await ensureRootfsPrerequisites({ signal, progress });
  const mirror = await findDebianMirror(signal);
  progress.stage("Root filesystem with Odoo, PostgreSQL and Redis", EXPECTED_MS);
  const source = mirror === null ? [] : [`deb ${mirror} ${SUITE} main`];
  const mmdebstrap = ["mmdebstrap", "--variant=minbase", `--include=${PACKAGES.join(",")}`, SUITE, folder, ...source];
  // mmdebstrap mounts the host's /proc and /dev below the folder; in a namespace of their own they cannot outlive it.
  await runCommand("mmdebstrap", ["unshare", "--mount", "--propagation", "private", ...mmdebstrap], {
    signal,
    timeoutMs: TIMEOUT_MS,
    onLine: (line) => progress.update(null, line.replace(/^I: /, "")),
    hint: `Check that this machine reaches a Debian mirror that has ${SUITE} (the one in its own apt sources is used).`,
  });
  mkdirSync(join(folder, "lab"), { recursive: true });
  // mmdebstrap leaves the root folder at the caller's umask; unprivileged services have to pass it.
  chmodSync(folder, 0o755);
  const version = await runCommand(
    "dpkg-query",
    ["dpkg-query", "--admindir", join(folder, "var/lib/dpkg"), "-W", "-f", "${Version}", "odoo-14"],
    {
      signal,
      timeoutMs: 30_000,
      hint: "Start the command again.",
    },
  );
  writeFileSync(join(folder, VERSION_FILE), `${version.trim()}\n`);
}
