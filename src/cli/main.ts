import { setMaxListeners } from "node:events";
import { parseArgs } from "node:util";

import { HarnessError } from "../domain/error.ts";
import { type Command, type CommandContext, EXIT_CODE, type ParsedArguments } from "./terminal/command.ts";
import { reportError } from "./terminal/error-text.ts";
import { nearestWord, unknownWord } from "./terminal/words.ts";

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

/** main runs one command line and returns its exit code. Every error that a command throws ends here, as a message and a code. */
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

/** runMain connects main to the process: real streams, one abort signal for SIGINT and SIGTERM, and the exit code. */
export async function runMain(): Promise<void> {
  const controller = new AbortController();
  // Every wait and every child process listens to the signal, so there is no limit of listeners.
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

/** A reader that closes the pipe early (`| head`) is no error: the command goes on and keeps its exit code. */
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

/** HELP is what `peakproof --help` prints. */
export const HELP = `peakproof checks whether an Odoo release is safe to take into trading hours.

  peakproof campaign --baseline 1.0 --candidate 1.1    load both releases and judge the candidate
  peakproof compare --baseline B1 --candidate B2       judge stored or imported runs
  peakproof compare BUNDLE                             judge one run that has both arms
  peakproof run --release 1.0                          load one release once; write a run bundle
  peakproof calibrate --release 1.0                    measure the noise between runs of one release
  peakproof import FILE... --out BUNDLE                turn results of your own k6 scripts into a run bundle
  peakproof report VERDICT.json --format markdown      render a stored verdict again
  peakproof report VERDICT.json --verify               recompute a verdict from its bundles and compare the bytes
  peakproof cleanup BUNDLE...                          undo what runs created in your own server
  peakproof drill --all                                inject known faults into the lab and judge each of them
  peakproof lab up|status|reset|down                   manage the lab: a real stack on this machine
  peakproof init --url URL                             write a peakproof.yaml for your own server
  peakproof doctor                                     check the connections; say how to fix what is missing

Every command takes --help. Results go to stdout, progress to stderr.
Exit codes: 0 pass, 1 fail, 2 usage or config, 3 inconclusive, 4 could not measure, 70 bug, 130 interrupted.
`;
