import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** packageFile is the path of a file that comes with this package; sources and built code are equally deep below its folder. */
export function packageFile(...path: readonly string[]): string {
  return join(fileURLToPath(new URL("../..", import.meta.url)), ...path);
}
