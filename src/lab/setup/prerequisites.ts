import { accessSync, constants, existsSync, mkdirSync, statfsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { runCommand, throwIfInterrupted } from "../machine/run-command.ts";
import type { LabOptions } from "../state/state.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Root filesystem 1.5 GB, shop 0.3 GB, and Go's caches while it builds Traefik and k6 (measured: 4.5 GB). */
const NEEDED_BYTES = 7e9;

/** BECOME_ROOT is the remedy where the process may not mount or change the user. */
export const BECOME_ROOT =
  'Start the command as root (for example with "sudo -E"), or use the containers: peakproof lab up --engine docker.';

/** requireRoot throws unless the process may mount and change the user. */
export function requireRoot(uid: number | undefined): void {
  if (uid === 0) return;
  throw new HarnessError(
    "cannot-measure",
    "The native lab needs root, because it runs its services in a separate root filesystem (mount, chroot)",
    {
      hint: BECOME_ROOT,
    },
  );
}

/** requireMounts throws where even root may not mount, as in most containers. */
export async function requireMounts(signal: AbortSignal): Promise<void> {
  try {
    await runCommand("unshare", ["unshare", "--mount", "--propagation", "private", "true"], {
      signal,
      timeoutMs: 10_000,
      hint: "",
    });
  } catch (error) {
    throwIfInterrupted(signal);
    throw new HarnessError("cannot-measure", "The native lab cannot create a mount namespace, although it runs as root", {
      hint: "In a container, add the capability SYS_ADMIN, or use the containers: peakproof lab up --engine docker.",
      cause: error,
    });
  }
}

/**
 * requireFreeSpace throws where the disk has too little space. A full disk during the build would appear as some other failure.
 */
export function requireFreeSpace(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= NEEDED_BYTES) return;
  throw new HarnessError(
    "cannot-measure",
    `${folder} has ${gigabytes(bavail * bsize)} GB free, and the lab needs ${gigabytes(NEEDED_BYTES)} GB`,
    {
      hint: "Free disk space, or set XDG_CACHE_HOME to a folder on another disk.",
    },
  );
}

/** findProgram returns the path of a program in the folders of `path`, or null. */
export function findProgram(name: string, path: string): string | null {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // The program is not in this folder.
    }
  }
  return null;
}

/** ensureRootfsPrerequisites finds or installs the programs that build the root filesystem. */
export async function ensureRootfsPrerequisites(options: Pick<LabOptions, "signal" | "progress">): Promise<void> {
  const path = process.env["PATH"] ?? "";
  const missing: string[] = [];
  if (findProgram("mmdebstrap", path) === null) missing.push("mmdebstrap");
  if (!existsSync(KEYRING)) missing.push("debian-archive-keyring");
  if (missing.length === 0) return;
  if (findProgram("apt-get", path) === null) {
    throw new HarnessError("cannot-measure", `Not installed: ${missing.join(", ")}`, {
      hint: "Install mmdebstrap and the Debian archive keyring with this system's package manager, and run the command again.",
    });
  }
  await installPackages(missing, options);
}

/** installPackages installs Debian packages with apt. */
export async function installPackages(
  packages: readonly string[],
  { signal, progress }: Pick<LabOptions, "signal" | "progress">,
): Promise<void> {
  progress.stage(`Installing ${packages.join(", ")}`, 30_000);
  const options = {
    signal,
    timeoutMs: 600_000,
    environment: { PATH: process.env["PATH"] ?? "", DEBIAN_FRONTEND: "noninteractive" },
    onLine: (line: string) => progress.update(null, line),
    hint: `Install the packages manually: apt-get install ${packages.join(" ")}`,
  };
  await runCommand("apt-get update", ["apt-get", "update"], options);
  await runCommand("apt-get install", ["apt-get", "install", "-y", "--no-install-recommends", ...packages], options);
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
