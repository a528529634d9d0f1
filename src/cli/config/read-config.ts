import { readFileSync } from "node:fs";
import { LineCounter, parseDocument, type Document } from "yaml";
import { HarnessError } from "../../domain/error.ts";
import { describeIssue } from "./describe-issue.ts";
import { type Config, labConfigSchema, serverConfigSchema } from "./schema.ts";

/** readConfig reads and checks `peakproof.yaml`. Every mistake becomes one line that names file, line, key and remedy. */
export function readConfig(path: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, uniqueKeys: true });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) {
    const { line } = lines.linePos(syntaxError.pos[0]);
    throw new HarnessError("usage", `${path}:${line}: ${syntaxError.message.split("\n")[0] ?? "not YAML"}`, {
      hint: "Correct the YAML syntax on that line.",
    });
  }
  const schema = document.hasIn(["target", "lab"]) ? labConfigSchema : serverConfigSchema;
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const messages = parsed.error.issues.map((issue) => {
    const { path: keys, message, hint } = describeIssue(issue, schema);
    return { text: `${path}:${lineOf(document, keys, lines)}: ${message}`, hint };
  });
  throw new HarnessError("usage", messages.map(({ text }) => text).join("\n"), {
    hint: [...new Set(messages.map(({ hint }) => hint))].join("\n"),
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new HarnessError("usage", `${path} cannot be read`, {
      hint: "Give the config file with --config, or run peakproof in the folder that holds peakproof.yaml.",
      cause,
    });
  }
}

/** lineOf finds the line of the deepest part of the path that exists in the file: a missing key is reported at its parent. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
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
