import { setMaxListeners } from "node:events";
import { parseArgs } from "node:util";
import { HarnessError } from "../domain/error.ts";
import type { Command, CommandContext, ParsedArguments } from "./command.ts";
import { nearestWord } from "./config/nearest-word.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { HELP } from "./help.ts";
import { reportError } from "./report-error.ts";
import { unknownWord } from "./unknown-word.ts";

/** COMMANDS loads a command only when it is called, so that `--help` needs no database driver. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import("./commands/init.ts")).init,
  lab: async () => (await import("./commands/lab.ts")).lab,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  run: async () => (await import("./commands/run.ts")).run,
  campaign: async () => (await import("./commands/campaign.ts")).campaign,
  compare: async () => (await import("./commands/compare.ts")).compare,
  calibrate: async () => (await import("./commands/calibrate.ts")).calibrate,
  import: async () => (await import("./commands/import.ts")).importCommand,
  report: async () => (await import("./commands/report.ts")).report,
  cleanup: async () => (await import("./commands/cleanup.ts")).cleanup,
  drill: async () => (await import("./commands/drill.ts")).drill,
};

/** main runs one command line and returns its exit code. It is the only place that catches. */
export async function main(argv: readonly string[], context: CommandContext): Promise<number> {
  const { out } = context.streams;
  let parsed: ParsedArguments | null = null;
  try {
    const [name, ...rest] = argv;
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      out.write(HELP);
      return name === undefined ? EXIT_CODE.usage : EXIT_CODE.pass;
    }
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (load === undefined) throw unknownWord("command", name, Object.keys(COMMANDS));
    const command = await load();
    if (rest.includes("--help") || rest.includes("-h")) {
      out.write(command.help);
      return EXIT_CODE.pass;
    }
    parsed = parse(command, rest);
    return await command.run(parsed, context);
  } catch (error) {
    return reportError(error, context, parsed);
  }
}

/** runMain is the process: real streams, one abort signal for SIGINT and SIGTERM, the exit code set and never forced. */
export async function runMain(): Promise<void> {
  const controller = new AbortController();
  // Every wait and child process listens to it.
  setMaxListeners(0, controller.signal);
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort(new Error(name)));
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  process.exitCode = await main(process.argv.slice(2), {
    streams: { out: process.stdout, err: process.stderr },
    cwd: process.cwd(),
    environment: process.env,
    signal: controller.signal,
  });
}

/** A reader that has seen enough (`| head`) is no fault of the command: it goes on, and its exit code tells how it ended. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function parse(command: Command, args: readonly string[]): ParsedArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: command.options,
      allowPositionals: true,
      strict: true,
    });
    return { values, positionals };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const allowed = Object.keys(command.options).map((option) => `--${option}`);
    const unknown = /'(--[^']+)'/.exec(message)?.[1];
    const nearest = unknown === undefined ? null : nearestWord(unknown, allowed);
    const hint = nearest === null ? `Options of this command: ${allowed.join(" ")}.` : `Did you mean ${nearest}?`;
    throw new HarnessError("usage", message.split(". ")[0] ?? message, { hint, cause });
  }
}
