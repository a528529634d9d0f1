import { chmodSync, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { hashText, packageFile } from "../machine/folders.ts";
import { runCommand } from "../machine/run-command.ts";
import type { LabOptions } from "../state/state.ts";
import { type CacheRecipe, ensureCacheEntry } from "./cache.ts";
import { findProgram, installPackages } from "./prerequisites.ts";
import { countGoPackages } from "./work-done.ts";

/**
 * GoBinary is a program that is taken from PATH where its version fits. Otherwise it is built from a pinned Go module in
 * `tools/`.
 */
export interface GoBinary {
  readonly name: "k6" | "traefik";
  readonly package: string;
  /** Matches the output of `NAME version` for a usable version. */
  readonly version: RegExp;
  readonly expectedMs: number;
}

/** Times measured on two cores, including the download of the modules. */
export const K6: GoBinary = { name: "k6", package: "go.k6.io/k6/v2", version: /^k6(\.exe)? v2\./, expectedMs: 85_000 };
export const TRAEFIK: GoBinary = {
  name: "traefik",
  package: "github.com/traefik/traefik/v3/cmd/traefik",
  version: /^Version:\s+v?3\./m,
  expectedMs: 340_000,
};

const TIMEOUT_MS = 40 * 60_000;
/** The modules require Go 1.25. Go 1.21 and newer download the required toolchain themselves. */
const OLDEST = { major: 1, minor: 21 };
/** Usual folders of a Go installation, which are not always in root's PATH. */
const USUAL_FOLDERS = ["/usr/local/go/bin", "/usr/lib/go/bin"];

/** buildGoBinary returns the path of the program in the cache, and builds it where it is missing. */
export async function buildGoBinary(
  binary: GoBinary,
  cache: string,
  options: LabOptions & { onWait: (holderPid: number | null) => void },
): Promise<string> {
  const folder = await ensureCacheEntry(cache, goBinaryRecipe(binary, options), options);
  return join(folder, binary.name);
}

/** goBinaryRecipe is the cache recipe of the program, as the module in `tools/` pins it. */
export function goBinaryRecipe(binary: GoBinary, options: LabOptions): CacheRecipe {
  const files = ["go.mod", "go.sum"].map((file) => readFileSync(packageFile("tools", binary.name, file), "utf8"));
  return {
    kind: binary.name,
    recipe: JSON.stringify({ version: 1, package: binary.package, module: hashText(files.join("")), architecture: process.arch }),
    findDefect: (folder) => (existsSync(join(folder, binary.name)) ? null : `${binary.name} is missing`),
    build: (folder) => build(binary, folder, options),
  };
}

/** findInstalled returns the path of an installed program with a usable version, or null. */
export async function findInstalled(binary: GoBinary, signal: AbortSignal): Promise<string | null> {
  const path = findProgram(binary.name, process.env["PATH"] ?? "");
  if (path === null) return null;
  try {
    const version = await runCommand(`${binary.name} version`, [path, "version"], { signal, timeoutMs: 20_000, hint: "" });
    return binary.version.test(version) ? path : null;
  } catch {
    // A program that cannot report its version is not usable.
    return null;
  }
}

/**
 * ensureGo returns the path of a Go that can build `what`. It installs Go where the system's packages have a new enough version.
 */
export async function ensureGo(what: string, options: Pick<LabOptions, "signal" | "progress">): Promise<string> {
  const go = findProgram("go", goSearchPath());
  const found = go === null ? null : await goVersion(go, options.signal);
  if (go !== null && found !== null && isNewEnough(found)) return go;
  const offered = await aptVersion(options.signal);
  if (offered !== null && isNewEnough(offered)) {
    await installPackages(["golang-go"], options);
    return "/usr/bin/go";
  }
  const has = go === null ? "Go is not installed" : `the installed Go is ${found ?? "of unknown version"}`;
  const apt = offered === null ? "" : `; the package golang-go is ${offered}, which is also too old`;
  throw new HarnessError("cannot-measure", `${what} is not in PATH and cannot be built: ${has}, and 1.25 is needed${apt}`, {
    hint: `Install Go 1.25 or newer from the Go project, or put ${what} into PATH (k6 2.x, Traefik 3.x).`,
  });
}

/** goSearchPath is PATH with the usual folders of a Go installation appended. */
export function goSearchPath(): string {
  return [process.env["PATH"] ?? "", ...USUAL_FOLDERS].join(":");
}

/** isNewEnough compares versions such as "1.26.8" and Debian's "2:1.19~1" with the oldest usable Go. */
export function isNewEnough(version: string): boolean {
  const match = /^(?:\d+:)?(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
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
  const run = (what: string, command: readonly string[], onLine: (line: string) => void) =>
    runCommand(what, command, {
      signal,
      timeoutMs: TIMEOUT_MS,
      environment,
      folder: packageFile("tools", binary.name),
      onLine,
      hint: `Check that Go can download modules (go env GOPROXY), or put ${binary.name} into PATH.`,
    });
  // Go downloads the modules when it lists the packages. Their number is not known in advance.
  let downloads = 0;
  const listed = await run(
    `Listing the packages of ${binary.name}`,
    [go, "list", "-mod=readonly", "-deps", binary.package],
    (line) => {
      if (!line.startsWith("go: downloading ")) return;
      downloads += 1;
      progress.update(null, `${downloads} modules downloaded`);
    },
  );
  const count = countGoPackages(new Set(listed.split("\n").filter((name) => name !== "")));
  await run(`Building ${binary.name}`, argv, (line) => {
    const { share, detail } = count(line);
    progress.update(share, detail);
  });
  chmodSync(join(folder, binary.name), 0o755);
}

/** goEnvironment returns the variables that configure Go itself, proxies and certificates. */
function goEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) =>
    /^(GO[A-Z0-9]+|XDG_CACHE_HOME|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy)$/i.test(name),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function goVersion(go: string, signal: AbortSignal): Promise<string | null> {
  try {
    const text = await runCommand("go version", [go, "version"], {
      signal,
      timeoutMs: 20_000,
      environment: { PATH: "/usr/bin:/bin", HOME: "/", GOTOOLCHAIN: "local" },
      hint: "",
    });
    return /go version go(\S+)/.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}

async function aptVersion(signal: AbortSignal): Promise<string | null> {
  if (process.getuid?.() !== 0 || findProgram("apt-cache", process.env["PATH"] ?? "") === null) return null;
  try {
    const text = await runCommand("apt-cache policy", ["apt-cache", "policy", "golang-go"], {
      signal,
      timeoutMs: 30_000,
      hint: "",
    });
    const candidate = /Candidate: (\S+)/.exec(text)?.[1];
    return candidate === undefined || candidate === "(none)" ? null : candidate;
  } catch {
    return null;
  }
}
