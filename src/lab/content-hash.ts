import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** hashText is a short name for a text: 16 hex digits of its SHA-256. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** hashFolder hashes the paths and contents of all files of a folder; what Python compiles on the side does not count. */
export function hashFolder(folder: string): string {
  const hash = createHash("sha256");
  for (const path of listFiles(folder, "")) {
    const content = readFileSync(join(folder, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

/** isCompiledPython tells what an interpreter leaves beside its sources. */
export function isCompiledPython(name: string): boolean {
  return name === "__pycache__" || name.endsWith(".pyc");
}

function listFiles(folder: string, prefix: string): readonly string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .filter((entry) => !isCompiledPython(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(prefix, entry.name);
      return entry.isDirectory() ? listFiles(folder, path) : [path];
    });
}
