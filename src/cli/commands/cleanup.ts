import { resolve } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import type { CleanedArm, CleanedModel, KeptRecords } from "../../domain/load/ledger.ts";
import type { Target } from "../../domain/target/target.ts";
import { cleanUpRuns } from "../../execution/cleanup-run.ts";
import { readConfig } from "../config/read-config.ts";
import type { Config } from "../config/schema.ts";
import { resolveTarget } from "../config/target.ts";
import { type Command, type CommandContext, EXIT_CODE, type ParsedArguments, text } from "../terminal/command.ts";
import { terminalProgress } from "../terminal/progress.ts";
import { locateProject } from "../terminal/project.ts";
import { unknownWord } from "../terminal/words.ts";

export const cleanup: Command = {
  help: `peakproof cleanup BUNDLE... [options]

Cancels, returns and deletes the records that runs created in your own server, including killed runs. Then scans the database
for records that still carry the stamp of a run. The command may be repeated at any time, but not while a run is in progress.
Exit codes: 0 only records that cannot be undone are left, 4 other records are left.

  --config FILE          config of the runs [default: peakproof.yaml]
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
    throw new HarnessError("usage", "the lab needs no cleanup: every run starts with a fresh clone of the shop database", {
      hint: "Name the config of your own server with --config FILE. `peakproof lab reset` empties the lab.",
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
    throw new HarnessError("usage", "--login and --password-env belong together, and the variable must be set", {
      hint: "Export the password and name the variable: --login admin --password-env SHOP_ADMIN_PASSWORD.",
    });
  }
  return { login, password };
}

/** Records without a stamp, which a cleanup cannot find; see docs/cleanup.md. */
const NEVER_UNDONE =
  "numbers of sequences that were used, visitors and page views of the shop, procurement groups, stock valuation";

/** describeCleanup prints what a cleanup did and what its final scan found, as plain text. */
export function describeCleanup(arms: readonly CleanedArm[]): string {
  return arms.map(describeArm).join("\n");
}

function describeArm(cleaned: CleanedArm): string {
  const { runId, arm, database, stamp, models, kept, notes } = cleaned;
  const left = kept.filter(({ irreversible }) => !irreversible);
  const stays = kept.filter(({ irreversible }) => irreversible);
  const lines = [
    `run ${runId}, ${arm} (database ${database})`,
    ...table(rowsOf(models, kept)),
    ...section("left, can be undone:", left),
    ...section("cannot be undone:", stays),
    ...notes.map((note) => `  note: ${note}`),
    left.length === 0
      ? `  the final scan found no other record with the stamp ${stamp}*`
      : `  the final scan found ${sum(left)} records with the stamp ${stamp}* that can be undone: repeat the cleanup, or undo them by hand`,
    `  never undone: ${NEVER_UNDONE}`,
  ];
  return `${lines.join("\n")}\n`;
}

interface Row extends CleanedModel {
  readonly left: number;
  readonly stays: number;
}

function rowsOf(models: readonly CleanedModel[], kept: readonly KeptRecords[]): readonly Row[] {
  const names = [...new Set([...models, ...kept].map(({ model }) => model))];
  return names.map((model) => {
    const own = kept.filter((records) => records.model === model);
    const { removed = 0, cancelled = 0, reversed = 0 } = models.find((counts) => counts.model === model) ?? {};
    return {
      model,
      removed,
      cancelled,
      reversed,
      left: sum(own.filter(({ irreversible }) => !irreversible)),
      stays: sum(own.filter(({ irreversible }) => irreversible)),
    };
  });
}

function table(rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return ["  no records of the run were found"];
  const line = (cells: readonly (string | number)[]) =>
    `  ${cells.map((cell, index) => (index === 0 ? String(cell).padEnd(22) : String(cell).padStart(10))).join("")}`;
  return [
    line(["model", "removed", "cancelled", "reversed", "left", "stays"]),
    ...rows.map(({ model, removed, cancelled, reversed, left, stays }) =>
      line([model, removed, cancelled, reversed, left, stays]),
    ),
  ];
}

function section(title: string, groups: readonly KeptRecords[]): readonly string[] {
  if (groups.length === 0) return [];
  return [
    `  ${title}`,
    ...groups.map(({ model, count, reason, examples }) => {
      const more = count > examples.length ? ", …" : "";
      return `    ${count} ${model}: ${reason} (${examples.join(", ")}${more})`;
    }),
  ];
}

function sum(groups: readonly KeptRecords[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}
