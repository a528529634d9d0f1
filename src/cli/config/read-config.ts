import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { HarnessError } from "../../domain/error.ts";
import { couldNameIndicator, shippedIndicators } from "../../evaluator/indicator-names.ts";
import { describeIssue } from "./describe-issue.ts";
import { lineOf } from "./line-of.ts";
import { nearestWord } from "./nearest-word.ts";
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

/** Names are checked here as far as they can be before a run, so that a slip of the pen does not cost one. */
function unknownIndicator(place: string, pattern: string): HarnessError {
  const known = shippedIndicators.map(({ id }) => id).sort();
  const nearest = nearestWord(pattern, known);
  const meant = nearest === null ? "" : `, did you mean \`${nearest}\`?`;
  return new HarnessError(
    "usage",
    `${place}: \`policy.indicators\` names \`${pattern}\`, and there is no such indicator${meant}`,
    {
      hint: `Known are: ${known.join(", ")}; those of steps, such as \`checkout.cart.latency-p50\`; and prefixes that end with a *.`,
    },
  );
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
