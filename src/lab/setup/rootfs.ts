import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { runCommand } from "../machine/run-command.ts";
import { POSTGRES_BIN } from "../services/postgres.ts";
import type { LabOptions } from "../state/state.ts";
import type { CacheRecipe } from "./cache.ts";
import { ensureRootfsPrerequisites } from "./prerequisites.ts";
import { countDebianPackages } from "./work-done.ts";

/** Debian 11 is the last release that packages Odoo. Its security suite names packages that it no longer serves, so main alone. */
const SUITE = "bullseye";
const PACKAGES = ["odoo-14", "postgresql", "redis-server", "python3-redis", "ca-certificates"];
/** Measured: 80 s on two cores. */
const EXPECTED_MS = 80_000;
/** Packages of the finished root filesystem. */
const EXPECTED_PACKAGES = 370;
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
  // mmdebstrap mounts the host's /proc and /dev below the folder; in a namespace of their own they cannot outlive it.
  await runCommand("mmdebstrap", ["unshare", "--mount", "--propagation", "private", ...mmdebstrap], {
    signal,
    timeoutMs: TIMEOUT_MS,
    onLine: (line) => {
      const { share, detail } = count(line);
      progress.update(share, detail);
    },
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

/** findDebianMirror returns the Debian mirror that this machine itself uses, or null where it names none. */
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
    // Not a Debian machine; mmdebstrap has a default of its own.
    return null;
  }
}

/** pickMirror takes the first site of Debian's own main archive; security and third-party archives lack the base packages. */
export function pickMirror(targets: string): string | null {
  for (const line of targets.split("\n")) {
    const [label, component, site] = line.split("|");
    if (label === "Debian" && component === "main" && site !== undefined && /^https?:\/\//.test(site)) return site;
  }
  return null;
}
