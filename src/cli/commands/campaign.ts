import { join, resolve } from "node:path";
import { HarnessError } from "../../domain/error.ts";
import { defaultPolicy } from "../../evaluator/default-policy.ts";
import { runCampaign } from "../../execution/campaign.ts";
import { judgeBundles } from "../../execution/judge-bundles.ts";
import { type Command, type ParsedArguments, text } from "../command.ts";
import { readConfig } from "../config/read-config.ts";
import { resolvePolicy } from "../config/resolve-policy.ts";
import { resolveWorkload } from "../config/resolve-workload.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { LOAD_HELP, LOAD_OPTIONS, readNumber } from "../load-options.ts";
import { FORMAT_OPTIONS, readFormat, writeRendered, writeReports } from "../output.ts";
import { prepareTarget } from "../prepare-target.ts";
import { locateProject, packageFolder } from "../project.ts";
import { newRunId } from "../run-id.ts";
import { terminalProgress } from "../terminal-progress.ts";
import { unknownWord } from "../unknown-word.ts";

const SCHEDULES = ["duet", "slots", "sequential"] as const;

export const campaign: Command = {
  help: `peakproof campaign --baseline RELEASE --candidate RELEASE [options]

Loads both releases and judges the candidate. Ends with 0 pass, 1 fail, 3 inconclusive, 4 could not measure.

  --schedule WORD      duet: both at once, in pairs; slots: in turns of seconds; sequential: whole runs in pairs
                       [default: schedule of the config, else duet]
  --pairs NUMBER       pairs of runs of the sequential schedule [default: 3]
${LOAD_HELP}  --format FORMAT      text, json, markdown, html or junit; --json is short for json [default: text]

  peakproof campaign --baseline 1.0 --candidate 1.1
  peakproof campaign --baseline 1.0 --candidate 1.2 --load 4m --format junit > junit.xml
`,
  options: {
    baseline: { type: "string" },
    candidate: { type: "string" },
    schedule: { type: "string" },
    pairs: { type: "string" },
    ...LOAD_OPTIONS,
    ...FORMAT_OPTIONS,
  },
  async run(parsed, context) {
    const format = readFormat(parsed);
    const project = locateProject(parsed, context);
    const config = readConfig(project.configPath);
    const labels = { baseline: required(parsed, "baseline"), candidate: required(parsed, "candidate") };
    const workload = resolveWorkload(config.workload, text(parsed, "load"));
    const policy = resolvePolicy(config.policy, defaultPolicy);
    const schedule = readSchedule(text(parsed, "schedule") ?? config.schedule ?? "duet");
    const seed = readNumber(parsed, "seed", { default: config.seed ?? 1, minimum: 0 });
    const pairs = readNumber(parsed, "pairs", { default: 3, minimum: 1 });
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
        const compared = await runCampaign({
          ...target,
          id,
          folder,
          schedule,
          pairs,
          workload,
          seed,
          scenarios,
          signal: context.signal,
          progress,
        });
        if (context.signal.aborted) return EXIT_CODE.interrupted;
        progress.stage("Judging", 5000);
        const evaluation = await judgeBundles(compared, policy);
        progress.end();
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
