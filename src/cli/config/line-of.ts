import { readFileSync } from "node:fs";
import { type Document, LineCounter, parseDocument } from "yaml";

/** lineInConfig finds the line of a place in the config file; null where the file cannot be read. */
export function lineInConfig(configPath: string, place: readonly string[]): number | null {
  try {
    const lines = new LineCounter();
    return lineOf(parseDocument(readFileSync(configPath, "utf8"), { lineCounter: lines }), place, lines);
  } catch {
    return null;
  }
}

/** lineOf finds the line of the deepest part of the path that exists in the file: a missing key is reported at its parent. */
export function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const position = keyPosition(parent, path[length - 1]);
    if (position !== null) return lines.linePos(position).line;
  }
  return 1;
}

function keyPosition(parent: unknown, key: PropertyKey | undefined): number | null {
  if (typeof parent !== "object" || parent === null || !("items" in parent) || !Array.isArray(parent.items)) return null;
  const items: readonly { key?: { value?: unknown; range?: readonly number[] }; range?: readonly number[] }[] = parent.items;
  const item = typeof key === "number" ? items[key] : items.find((candidate) => String(candidate.key?.value) === String(key));
  return item?.key?.range?.[0] ?? item?.range?.[0] ?? null;
}
