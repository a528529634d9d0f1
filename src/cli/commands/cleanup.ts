import { resolve } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import type { Target } from "../../domain/target/target.ts";
import { cleanUpRuns } from "../../execution/cleanup-run.ts";
import { describeCleanup } from "../cleanup-text.ts";
import { type Command, type CommandContext, type ParsedArguments, text } from "../command.ts";
import { readConfig } from "../config/read-config.ts";
import { resolveTarget } from "../config/resolve-target.ts";
import type { Config } from "../config/schema.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { locateProject } from "../project.ts";
import { terminalProgress } from "../terminal-progress.ts";
import { unknownWord } from "../unknown-word.ts";

export const cleanup: Command = {
  help: `peakproof cleanup BUNDLE... [options]

Cancels, returns and deletes what runs created in a server of your own, whole ones and killed ones, and scans the database
for what bears their stamp still. It may be started again at any time. Not while a run is under way.
Ends with 0 where the scan found nothing but what cannot be undone, 4 where something else is left.

  --config FILE          the config with which the runs were made [default: peakproof.yaml]
  --login NAME           a user that may delete, such as an administrator [default: the user of the config]
  --password-env NAME    environment variable that holds the password of --login
  --format FORMAT        text or json [default: text]

  peakproof cleanup reports/261121-0930-k3x-live
  peakproof cleanup reports/261121-0930-k3x-1.1-against-1.0/round-* --login admin --password-env SHOP_ADMIN_PASSWORD
`,
  options: {
    config: { type: "string" },
    login: { type: "string" },
    "password-env": { type: "string" },
    format: { type: "string" },
  },
  async run(parsed, context) {
    const format = text(parsed, "format") ?? "text";
    if (format !== "text" && format !== "json") throw unknownWord("format", format, ["text", "json"]);
    const bundles = parsed.positionals.map((bundle) => resolve(context.cwd, bundle));
    if (bundles.length === 0) {
      throw new HarnessError("usage", "cleanup needs at least one run bundle", { hint: "peakproof cleanup BUNDLE..." });
    }
    const target = readTarget(readConfig(locateProject(parsed, context).configPath), context);
    const user = readUser(parsed, context.environment);
    const progress = terminalProgress(context.streams.err);
    try {
      const cleaned = await cleanUpRuns({ bundles, target, user, signal: context.signal, progress });
      progress.end();
      context.streams.out.write(format === "json" ? `${JSON.stringify(cleaned, null, 2)}\n` : describeCleanup(cleaned));
      const isClean = cleaned.every(({ kept }) => kept.every(({ irreversible }) => irreversible));
      return isClean ? EXIT_CODE.pass : EXIT_CODE["cannot-measure"];
    } finally {
      progress.end();
    }
  },
};

function readTarget(config: Config, { environment }: CommandContext): Target {
  if ("lab" in config.target) {
    throw new HarnessError("usage", "the lab needs no cleanup: every run begins on a fresh clone of its shop", {
      hint: "Name the config of a server of your own with --config FILE. `peakproof lab reset` empties the lab.",
    });
  }
  return resolveTarget(config.target, environment);
}

function readUser(
  parsed: ParsedArguments,
  environment: CommandContext["environment"],
): { readonly login: string; readonly password: string } | null {
  const [login, name] = [text(parsed, "login"), text(parsed, "password-env")];
  if (login === undefined && name === undefined) return null;
  const password = name === undefined ? undefined : environment[name];
  if (login === undefined || name === undefined || password === undefined || password === "") {
    throw new HarnessError("usage", "--login and --password-env go together, and the variable must be set", {
      hint: "Export the password and name the variable: --login admin --password-env SHOP_ADMIN_PASSWORD.",
    });
  }
  return { login, password };
}
