import { homedir } from "node:os";
import { join } from "node:path";

/** cacheFolder is where everything lives that is dear to make; clones of this project and labs of one user share it. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment["XDG_CACHE_HOME"];
  // The XDG base directory specification: a relative path is invalid and has to be ignored.
  return join(base?.startsWith("/") === true ? base : join(homedir(), ".cache"), "peakproof");
}
