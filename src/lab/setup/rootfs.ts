import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { runCommand } from "../machine/run-command.ts";
import { POSTGRES_BIN } from "../services/postgres.ts";
import type { LabOptions } from "../state/state.ts";
import type { CacheRecipe } from "./cache.ts";
import { ensureRootfsPrerequisites } from "./prerequisites.ts";
import { countDebianPackages } from "./work-done.ts";

/**
 * Debian 11 is the last release with a package of Odoo. The index of its security suite lists packages that are no longer
 * available, so only main is used.
 */
const SUITE = "bullseye";
const PACKAGES = ["odoo-14", "postgresql", "redis-server", "python3-redis", "ca-certificates"];
/** Measured: 80 s on two cores. */
const EXPECTED_MS = 80_000;
/** Number of packages in the finished root filesystem. */
const EXPECTED_PACKAGES = 370;
const TIMEOUT_MS = 20 * 60_000;
const MUST_HAVE = ["usr/bin/odoo", `${POSTGRES_BIN.slice(1)}/postgres`, "usr/bin/redis-server", "etc/passwd", "lab"];
const VERSION_FILE = "etc/peakproof-odoo-version";

/** rootfsRecipe builds the root filesystem with Odoo, PostgreSQL and Redis from Debian's packages. */
export function rootfsRecipe(options: LabOptions): CacheRecipe {
  return {
    kind: "rootfs",
    recipe: JSON.stringify({ version: 1, suite: SUITE, packages: PACKAGES, architecture: process.arch }),
    findDefect: (folder) =>
      MUST_HAVE.filter((path) => !existsSync(join(folder, path))).map((path) => `${path} is missing`)[0] ?? null,
    build: (folder) => buildRootfs(folder, options),
  };
}

/** readOdooVersion returns the version of the Odoo package, including Debian's patch level. */
export function readOdooVersion(rootfs: string): string {
  return readFileSync(join(rootfs, VERSION_FILE), "utf8").trim();
}

async function buildRootfs(folder: string, { signal, progress }: LabOptions): Promise<void> {
  await ensureRootfsPrerequisites({ signal, progress });
  const mirror = await findDebianMirror(signal);
  progress.stage("Root filesystem with Odoo, PostgreSQL and Redis", EXPECTED_MS);
  const source = mirror === null ? [] : [`deb ${mirror} ${SUITE} main`];
  const mmdebstrap = [
    "mmdebstrap",
    "--verbose",
    "--variant=minbase",
    `--include=${PACKAGES.join(",")}`,
    SUITE,
    folder,
    ...source,
  ];
  const count = countDebianPackages(EXPECTED_PACKAGES);
  // mmdebstrap mounts the host's /proc and /dev below the folder. In a private mount namespace these mounts end with mmdebstrap.
  await runCommand("mmdebstrap", ["unshare", "--mount", "--propagation", "private", ...mmdebstrap], {
    signal,
    timeoutMs: TIMEOUT_MS,
    onLine: (line) => {
      const { share, detail } = count(line);
      progress.update(share, detail);
    },
    hint: `Check that this machine reaches a Debian mirror with ${SUITE}. The mirror in the machine's apt sources is used.`,
  });
  mkdirSync(join(folder, "lab"), { recursive: true });
  // mmdebstrap creates the root folder with the caller's umask. Unprivileged services must be able to enter it.
  chmodSync(folder, 0o755);
  const version = await runCommand(
    "dpkg-query",
    ["dpkg-query", "--admindir", join(folder, "var/lib/dpkg"), "-W", "-f", "${Version}", "odoo-14"],
    {
      signal,
      timeoutMs: 30_000,
      hint: "Run the command again.",
    },
  );
  writeFileSync(join(folder, VERSION_FILE), `${version.trim()}\n`);
}

/** findDebianMirror returns the Debian mirror in this machine's apt sources, or null where there is none. */
async function findDebianMirror(signal: AbortSignal): Promise<string | null> {
  try {
    const format = "$(LABEL)|$(COMPONENT)|$(SITE)";
    const targets = await runCommand(
      "apt-get indextargets",
      ["apt-get", "indextargets", "--format", format, "Created-By: Packages"],
      {
        signal,
        timeoutMs: 30_000,
        hint: "",
      },
    );
    return pickMirror(targets);
  } catch {
    // Not a Debian machine: mmdebstrap uses its default mirror.
    return null;
  }
}

/**
 * pickMirror returns the first site of Debian's main archive. The security archive and third-party archives lack the base
 * packages.
 */
export function pickMirror(targets: string): string | null {
  for (const line of targets.split("\n")) {
    const [label, component, site] = line.split("|");
    if (label === "Debian" && component === "main" && site !== undefined && /^https?:\/\//.test(site)) return site;
  }
  return null;
}
