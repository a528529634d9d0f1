import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { FEWEST_CALIBRATION_RUNS } from "../../domain/judgement/policy.ts";
import { defaultPolicy } from "../../evaluator/default-policy.ts";
import { writeCalibration } from "../../evidence/calibration/calibration-file.ts";
import { makeEqualRuns } from "../../execution/calibrate.ts";
import { learnCalibration } from "../../execution/learn-calibration.ts";
import { calibrationText } from "../calibration-text.ts";
import { type Command, type CommandContext, type ParsedArguments, text } from "../command.ts";
import { readConfig } from "../config/read-config.ts";
import { resolvePolicy } from "../config/resolve-policy.ts";
import { resolveWorkload } from "../config/resolve-workload.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { readNumber } from "../load-options.ts";
import { prepareTarget } from "../prepare-target.ts";
import { locateProject, packageFolder } from "../project.ts";
import { newRunId } from "../run-id.ts";
import { terminalProgress } from "../terminal-progress.ts";
import { unknownWord } from "../unknown-word.ts";

const SCHEDULES = ["duet", "sequential"] as const;

export const calibrate: Command = {
  help: `peakproof calibrate --release RELEASE [options]
peakproof calibrate BUNDLE... [--out FILE]

Learns from at least ${FEWEST_CALIBRATION_RUNS} runs of one release how much each indicator differs where nothing changed, and stores it.

  --release RELEASE    make the runs: label of a release in the config; for a server target any label
  --runs NUMBER        how many [default: ${FEWEST_CALIBRATION_RUNS}]; the more there are, the narrower the judge's intervals
  --schedule WORD      duet: the release in both arms at once; sequential: alone, run after run
                       [default: schedule of the config, else duet]
  --load DURATION      measured load of each run [default: workload.load of the config]
  --seed NUMBER        of the choice of data [default: seed of the config]
  --config FILE        [default: peakproof.yaml]
  --out FILE           [default: calibration.json beside the config]

  peakproof calibrate --release 1.0 --runs 10
  peakproof compare BUNDLE --calibration calibration.json
`,
  options: {
    release: { type: "string" },
    runs: { type: "string" },
    schedule: { type: "string" },
    load: { type: "string" },
    seed: { type: "string" },
    config: { type: "string" },
    out: { type: "string" },
  },
  async run(parsed, context) {
    const stored = parsed.positionals.map((bundle) => resolve(context.cwd, bundle));
    const release = text(parsed, "release");
    if (stored.length > 0 === (release !== undefined)) {
      throw new HarnessError("usage", "calibrate needs either stored bundles or --release", {
        hint: "peakproof calibrate --release 1.0, or peakproof calibrate BUNDLE... (eight of them)",
      });
    }
    const project = locateProject(parsed, context);
    const out = resolve(context.cwd, text(parsed, "out") ?? join(project.folder, "calibration.json"));
    const progress = terminalProgress(context.streams.err);
    try {
      const bundles = release === undefined ? stored : await makeRuns(release, parsed, context);
      if (context.signal.aborted) return EXIT_CODE.interrupted;
      progress.stage("Learning", bundles.length * 3000);
      const learned = await learnCalibration(bundles, {
        policy: readPolicy(parsed, context),
        onRun: (done, all) => progress.update(done / all, ""),
      });
      for (const reason of learned.leftOut) progress.note(`left out: ${reason}`);
      progress.end();
      await writeCalibration(out, learned.calibration);
      const place = relative(project.folder, out);
      context.streams.out.write(`${calibrationText(learned.calibration)}\nTo judge by it, put this into the config:\n`);
      context.streams.out.write(`policy:\n  calibration: ${place}\n`);
      return EXIT_CODE.pass;
    } finally {
      progress.end();
    }
  },
};

async function makeRuns(release: string, parsed: ParsedArguments, context: CommandContext): Promise<readonly string[]> {
  const runs = readNumber(parsed, "runs", { default: FEWEST_CALIBRATION_RUNS, minimum: FEWEST_CALIBRATION_RUNS });
  const project = locateProject(parsed, context);
  const config = readConfig(project.configPath);
  const schedule = readSchedule(text(parsed, "schedule") ?? config.schedule ?? "duet");
  const workload = resolveWorkload(config.workload, text(parsed, "load"));
  const seed = readNumber(parsed, "seed", { default: config.seed ?? 1, minimum: 0 });
  const id = newRunId(new Date(), Math.random);
  const folder = join(project.folder, "reports", `${id}-calibration-${release}`);
  const labels = { baseline: release, ...(schedule === "duet" ? { candidate: release } : {}) };
  const progress = terminalProgress(context.streams.err);
  try {
    const target = await prepareTarget({ config, project, labels, context, progress });
    const scenarios = join(packageFolder, "scenarios", "main.ts");
    const { signal } = context;
    try {
      return await makeEqualRuns({ ...target, id, folder, runs, schedule, workload, seed, scenarios, signal, progress });
    } finally {
      await target.close();
      progress.note(`the bundles are in ${relative(context.cwd, folder)}`);
    }
  } finally {
    progress.end();
  }
}

function readPolicy(parsed: ParsedArguments, context: CommandContext) {
  const { configPath } = locateProject(parsed, context);
  if (text(parsed, "config") === undefined && !existsSync(configPath)) return defaultPolicy;
  return resolvePolicy(readConfig(configPath).policy, defaultPolicy);
}

function readSchedule(word: string): (typeof SCHEDULES)[number] {
  const schedule = SCHEDULES.find((known) => known === word);
  if (schedule === undefined) throw unknownWord("schedule", word, SCHEDULES);
  return schedule;
}
