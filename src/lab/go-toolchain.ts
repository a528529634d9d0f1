import { HarnessError } from "../domain/error.ts";
import type { LabOptions } from "./lab-context.ts";
import { findProgram, installPackages } from "./prerequisites.ts";
import { runCommand } from "./run-command.ts";

/** The modules ask for Go 1.25. From 1.21 on, Go fetches the toolchain that a module asks for by itself. */
const OLDEST = { major: 1, minor: 21 };
/** Where Go's own installer puts it; not always in root's PATH. */
const USUAL_FOLDERS = ["/usr/local/go/bin", "/usr/lib/go/bin"];

/** ensureGo returns the path of a Go that can build `what`, and installs one where the system's packages have it new enough. */
export async function ensureGo(what: string, options: Pick<LabOptions, "signal" | "progress">): Promise<string> {
  const path = [process.env["PATH"] ?? "", ...USUAL_FOLDERS].join(":");
  const go = findProgram("go", path);
  const found = go === null ? null : await goVersion(go, options.signal);
  if (go !== null && found !== null && isNewEnough(found)) return go;
  const offered = await aptVersion(options.signal);
  if (offered !== null && isNewEnough(offered)) {
    await installPackages(["golang-go"], options);
    return "/usr/bin/go";
  }
  const has = go === null ? "there is no Go" : `Go here is ${found ?? "unreadable"}`;
  const apt = offered === null ? "" : `; this system's package golang-go is ${offered}, too old as well`;
  throw new HarnessError("cannot-measure", `${what} is neither in PATH nor can it be built: ${has}, and 1.25 is needed${apt}`, {
    hint: `Install Go 1.25 or newer (the Go project offers it for download), or put ${what} itself into PATH (k6 2.x, Traefik 3.x).`,
  });
}

/** isNewEnough compares "1.26.8" and Debian's "2:1.19~1" alike. */
export function isNewEnough(version: string): boolean {
  const match = /^(?:\d+:)?(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
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
