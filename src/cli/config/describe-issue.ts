import type { z } from "zod";
import { nearestWord } from "./nearest-word.ts";

/** Issue is the part of a zod issue that is read here. */
export interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
}

/** describeIssue turns a schema issue into words, with the allowed words and the nearest one where a word was not known. */
export function describeIssue(issue: Issue, schema: z.ZodType): { path: readonly PropertyKey[]; message: string; hint: string } {
  const where = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys?.[0] ?? "?";
    const allowed = allowedKeys(schema, issue.path);
    const nearest = nearestWord(key, allowed);
    return {
      path: [...issue.path, key],
      message: `unknown key \`${key}\`${where === "" ? "" : ` in \`${where}\``}${nearest === null ? "" : `, did you mean \`${nearest}\`?`}`,
      hint: `Allowed here: ${allowed.join(", ")}.`,
    };
  }
  if (issue.code === "invalid_value" && issue.values !== undefined) {
    const words = issue.values.map(String);
    return {
      path: issue.path,
      message: `\`${where}\` has a value that is not known`,
      hint: `Allowed for ${where}: ${words.join(", ")}.`,
    };
  }
  return {
    path: issue.path,
    message: `\`${where}\`: ${issue.message}`,
    hint: `Correct \`${where}\`; docs/configuration.md lists every key.`,
  };
}

/** allowedKeys walks the schema along the path and lists the keys of the object found there. */
function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current: unknown = schema;
  for (const key of path) current = childOf(unwrap(current), String(key));
  const object = unwrap(current);
  return isShaped(object) ? Object.keys(object.shape) : [];
}

function childOf(schema: unknown, key: string): unknown {
  if (isShaped(schema)) return schema.shape[key];
  if (typeof schema === "object" && schema !== null && "valueType" in schema) return schema.valueType;
  return undefined;
}

function unwrap(schema: unknown): unknown {
  let current = schema;
  while (typeof current === "object" && current !== null && "unwrap" in current && typeof current.unwrap === "function") {
    current = current.unwrap();
  }
  return current;
}

function isShaped(schema: unknown): schema is { shape: Readonly<Record<string, unknown>> } {
  return typeof schema === "object" && schema !== null && "shape" in schema && typeof schema.shape === "object";
}
