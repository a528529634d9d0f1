import { readFileSync } from "node:fs";

import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { couldNameIndicator, shippedIndicators } from "../../evaluator/catalogue/policy.ts";
import { lineOf } from "../terminal/error-text.ts";
import { nearestWord } from "../terminal/words.ts";
import { type Config, labConfigSchema, serverConfigSchema } from "./schema.ts";

/** readConfig reads and checks `peakproof.yaml`. Each mistake becomes one message with file, line, key and remedy. */
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
  if (parsed.success) {
    for (const pattern of Object.keys(parsed.data.policy?.indicators ?? {})) {
      if (couldNameIndicator(pattern)) continue;
      const line = lineOf(document, ["policy", "indicators", pattern], lines);
      throw unknownIndicator(`${path}:${line}`, pattern);
    }
    return parsed.data;
  }
  const messages = parsed.error.issues.map((issue) => {
    const { path: keys, message, hint } = describeIssue(issue, schema);
    return { text: `${path}:${lineOf(document, keys, lines)}: ${message}`, hint };
  });
  throw new HarnessError("usage", messages.map(({ text }) => text).join("\n"), {
    hint: [...new Set(messages.map(({ hint }) => hint))].join("\n"),
  });
}

/** unknownIndicator refuses a name that no indicator can have, before a run starts. */
function unknownIndicator(place: string, pattern: string): HarnessError {
  const known = shippedIndicators.map(({ id }) => id).sort();
  const nearest = nearestWord(pattern, known);
  const meant = nearest === null ? "" : `, did you mean \`${nearest}\`?`;
  return new HarnessError("usage", `${place}: \`policy.indicators\` names \`${pattern}\`: there is no such indicator${meant}`, {
    hint: `Known: ${known.join(", ")}; indicators of steps, such as \`checkout.cart.latency-p50\`; and prefixes that end with a *.`,
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

/** Issue is the part of a zod issue that describeIssue reads. */
interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
}

/** describeIssue describes a schema issue, with the allowed words and the most similar one where a word is unknown. */
function describeIssue(issue: Issue, schema: z.ZodType): { path: readonly PropertyKey[]; message: string; hint: string } {
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
      message: `\`${where}\` has an unknown value`,
      hint: `Allowed for ${where}: ${words.join(", ")}.`,
    };
  }
  return {
    path: issue.path,
    message: `\`${where}\`: ${issue.message}`,
    hint: `Correct \`${where}\`; docs/configuration.md lists every key.`,
  };
}

/** allowedKeys follows the path through the schema and lists the keys of the object at its end. */
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
