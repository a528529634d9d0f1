import { chmodSync, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type CacheRecipe, ensureCacheEntry } from "./cache-entry.ts";
import { hashText } from "./content-hash.ts";
import { ensureGo } from "./go-toolchain.ts";
import type { LabOptions } from "./lab-context.ts";
import { packageFile } from "./package-folder.ts";
import { findProgram } from "./prerequisites.ts";
import { runCommand } from "./run-command.ts";

/** GoBinary is a program that is taken from PATH where its version fits, and else built from a pinned Go module in `tools/`. */
export interface GoBinary {
  readonly name: "k6" | "traefik";
  readonly package: string;
  /** Recognises a version in the output of `NAME version` that does. */
  readonly version: RegExp;
  readonly expectedMs: number;
}

/** Times measured on two cores, with the download of the modules. */
export const K6: GoBinary = { name: "k6", package: "go.k6.io/k6/v2", version: /^k6(\.exe)? v2\./, expectedMs: 85_000 };
export const TRAEFIK: GoBinary = {
  name: "traefik",
  package: "github.com/traefik/traefik/v3/cmd/traefik",
  version: /^Version:\s+v?3\./m,
  expectedMs: 340_000,
};

const TIMEOUT_MS = 40 * 60_000;

/** buildGoBinary returns the path of the program in the cache. */
export async function buildGoBinary(
  binary: GoBinary,
  cache: string,
  options: LabOptions & { onWait: (holderPid: number | null) => void },
): Promise<string> {
  const folder = await ensureCacheEntry(cache, goBinaryRecipe(binary, options), options);
  return join(folder, binary.name);
}

/** goBinaryRecipe is the program as the module in `tools/` pins it. */
export function goBinaryRecipe(binary: GoBinary, options: LabOptions): CacheRecipe {
  const files = ["go.mod", "go.sum"].map((file) => readFileSync(packageFile("tools", binary.name, file), "utf8"));
  return {
    kind: binary.name,
    recipe: JSON.stringify({ version: 1, package: binary.package, module: hashText(files.join("")), architecture: process.arch }),
    findFault: (folder) => (existsSync(join(folder, binary.name)) ? null : `${binary.name} is missing`),
    build: (folder) => build(binary, folder, options),
  };
}

async function build(binary: GoBinary, folder: string, { signal, progress }: LabOptions): Promise<void> {
  const go = await ensureGo(binary.name, { signal, progress });
  progress.stage(`Building ${binary.name} from source`, binary.expectedMs);
  const environment = { PATH: process.env["PATH"] ?? "", HOME: homedir(), ...goEnvironment(process.env), CGO_ENABLED: "0" };
  const argv = [
    go,
    "build",
    "-v",
    "-mod=readonly",
    "-trimpath",
    "-ldflags=-s -w",
    "-o",
    join(folder, binary.name),
    binary.package,
  ];
  await runCommand(`Building ${binary.name}`, argv, {
    signal,
    timeoutMs: TIMEOUT_MS,
    environment,
    folder: packageFile("tools", binary.name),
    onLine: (line) => progress.update(null, line.replace(/^go: /, "")),
    hint: `Check that Go can download modules (go env GOPROXY), or put ${binary.name} into PATH.`,
  });
  chmodSync(join(folder, binary.name), 0o755);
}

/** findInstalled returns the path of a program of the machine's own whose version fits, or null. */
export async function findInstalled(binary: GoBinary, signal: AbortSignal): Promise<string | null> {
  const path = findProgram(binary.name, process.env["PATH"] ?? "");
  if (path === null) return null;
  try {
    const version = await runCommand(`${binary.name} version`, [path, "version"], { signal, timeoutMs: 20_000, hint: "" });
    return binary.version.test(version) ? path : null;
  } catch {
    // Whatever it is, it does not do.
    return null;
  }
}

/** goEnvironment keeps what the user has set for Go itself and for the way out to the network. */
function goEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) =>
    /^(GO[A-Z0-9]+|XDG_CACHE_HOME|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy)$/i.test(name),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
