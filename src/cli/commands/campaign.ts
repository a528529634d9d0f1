import { join, resolve } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { defaultPolicy } from "../../evaluator/catalogue/policy.ts";
import { runCampaign } from "../../execution/campaign.ts";
import {
  type LimitWords,
  LOAD_OPTIONS,
  readNumber,
  resolveLimits,
  resolveWorkload,
  ROUND_OPTIONS,
  roundOf,
} from "../config/load.ts";
import { calibratedPolicy, CALIBRATION_HELP, CALIBRATION_OPTIONS, resolvePolicy } from "../config/policy.ts";
import { readConfig } from "../config/read-config.ts";
import { type Command, EXIT_CODE, newRunId, type ParsedArguments, text } from "../terminal/command.ts";
import { reportError } from "../terminal/error-text.ts";
import { terminalProgress } from "../terminal/progress.ts";
import { locateProject, packageFolder } from "../terminal/project.ts";
import { unknownWord } from "../terminal/words.ts";
import { FORMAT_OPTIONS, readFormat, writeRendered, writeReports } from "./output.ts";
import { prepareTarget } from "./prepare-target.ts";

const SCHEDULES = ["duet", "slots", "sequential"] as const;

export const campaign: Command = {
  help: `peakproof campaign --baseline RELEASE --candidate RELEASE [options]

Loads both releases round by round and judges the candidate after each round, until the evidence suffices or the budget ends.
Exit codes: 0 pass, 1 fail, 3 inconclusive, 4 could not measure.

  --schedule WORD      duet: both releases at once, in pairs of transactions; slots: in turns of some seconds;
                       sequential: whole runs in pairs
                       [default: schedule of the config, else duet]
  --round DURATION     load per round [default: workload.load of the config]; --min is an alias
  --max DURATION       most undisturbed load [default: campaign.max of the config, else 6m]
  --budget DURATION    most time, counted from the first round [default: campaign.budget of the config, else 20m]
  --load DURATION      fixed length instead of rounds: one round, and one look that may spend all of alpha
  --pairs NUMBER       sequential schedule: pairs of runs before the first look [default: 3]
  --config FILE        [default: peakproof.yaml]
  --seed NUMBER        seed of the choice of data and of the order of arms [default: seed of the config]
  --out FOLDER         [default: reports/<date and names>]
${CALIBRATION_HELP}  --format FORMAT      text, json, markdown, html or junit; --json is short for json [default: text]

  peakproof campaign --baseline 1.0 --candidate 1.1
  peakproof campaign --baseline 1.0 --candidate 1.2 --budget 10m --format junit > junit.xml
`,
  options: {
    baseline: { type: "string" },
    candidate: { type: "string" },
    schedule: { type: "string" },
    pairs: { type: "string" },
    ...ROUND_OPTIONS,
    max: { type: "string" },
    budget: { type: "string" },
    ...LOAD_OPTIONS,
    ...CALIBRATION_OPTIONS,
    ...FORMAT_OPTIONS,
  },
  async run(parsed, context) {
    const format = readFormat(parsed);
    const project = locateProject(parsed, context);
    const config = readConfig(project.configPath);
    const labels = { baseline: required(parsed, "baseline"), candidate: required(parsed, "candidate") };
    const workload = resolveWorkload(config.workload, loadOf(parsed));
    const policy = await calibratedPolicy(resolvePolicy(config.policy, defaultPolicy), {
      parsed,
      configured: config.policy?.calibration,
      project,
      context,
    });
    const schedule = readSchedule(text(parsed, "schedule") ?? config.schedule ?? "duet");
    const seed = readNumber(parsed, "seed", { default: config.seed ?? 1, minimum: 0 });
    const limits = resolveLimits(config.campaign, readLimitWords(parsed), { schedule, workload });
    const id = newRunId(new Date(), Math.random);
    const folder = resolve(
      context.cwd,
      text(parsed, "out") ?? join(project.folder, "reports", `${id}-${labels.candidate}-against-${labels.baseline}`),
    );

    const progress = terminalProgress(context.streams.err);
    try {
      const target = await prepareTarget({ config, project, labels, context, progress });
      const scenarios = join(packageFolder, "scenarios", "main.ts");
      try {
        const { evaluation, failure } = await runCampaign({
          ...target,
          id,
          folder,
          schedule,
          limits,
          policy,
          workload,
          seed,
          scenarios,
          signal: context.signal,
          progress,
        });
        if (evaluation === null) return EXIT_CODE.interrupted;
        progress.end();
        // The rounds before the failed round are judged too.
        if (failure !== null) reportError(failure.error, context, parsed);
        const reportPath = writeReports(evaluation, folder, context.cwd);
        writeRendered(evaluation, { format, reportPath, streams: context.streams });
        return EXIT_CODE[evaluation.verdict];
      } finally {
        await target.close();
      }
    } finally {
      progress.end();
    }
  },
};

function required(parsed: ParsedArguments, name: string): string {
  const value = text(parsed, name);
  if (value !== undefined) return value;
  throw new HarnessError("usage", `campaign needs --${name}`, { hint: "peakproof campaign --baseline 1.0 --candidate 1.1" });
}

function readSchedule(word: string): (typeof SCHEDULES)[number] {
  const schedule = SCHEDULES.find((known) => known === word);
  if (schedule === undefined) throw unknownWord("schedule", word, SCHEDULES);
  return schedule;
}

/** loadOf reads the load of one round: --load for a campaign of fixed length, --round for an adaptive one. */
function loadOf(parsed: ParsedArguments): string | undefined {
  const [fixed, round] = [text(parsed, "load"), roundOf(parsed)];
  if (fixed !== undefined && round !== undefined) {
    throw new HarnessError("usage", "--load and --round exclude each other", {
      hint: "Give --load for a campaign of fixed length, or --round for the rounds of an adaptive campaign.",
    });
  }
  return fixed ?? round;
}

function readLimitWords(parsed: ParsedArguments): LimitWords {
  const isFixed = text(parsed, "load") !== undefined;
  const pairs = text(parsed, "pairs") === undefined ? undefined : readNumber(parsed, "pairs", { default: 3, minimum: 1 });
  return { max: text(parsed, "max"), budget: text(parsed, "budget"), isFixed, pairs };
}
