import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { type Calibration, FEWEST_CALIBRATION_RUNS, type LearnedNoise } from "../../domain/judgement/policy.ts";
import { defaultPolicy } from "../../evaluator/catalogue/policy.ts";
import { writeCalibration } from "../../evidence/calibration/calibration-file.ts";
import { learnCalibration, makeEqualRuns } from "../../execution/calibration.ts";
import { readNumber, resolveWorkload } from "../config/load.ts";
import { resolvePolicy } from "../config/policy.ts";
import { readConfig } from "../config/read-config.ts";
import { type Command, type CommandContext, EXIT_CODE, newRunId, type ParsedArguments, text } from "../terminal/command.ts";
import { terminalProgress } from "../terminal/progress.ts";
import { locateProject, packageFolder } from "../terminal/project.ts";
import { unknownWord } from "../terminal/words.ts";
import { prepareTarget } from "./prepare-target.ts";

const SCHEDULES = ["duet", "sequential"] as const;

export const calibrate: Command = {
  help: `peakproof calibrate --release RELEASE [options]
peakproof calibrate BUNDLE... [--out FILE]

Measures how much each indicator differs between at least ${FEWEST_CALIBRATION_RUNS} runs of one release, and stores the result for the judge.

  --release RELEASE    make the runs: label of a release in the config; for a server target any label
  --runs NUMBER        number of runs [default: ${FEWEST_CALIBRATION_RUNS}]; more runs give narrower intervals
  --schedule WORD      duet: the release runs in both arms at once; sequential: one run after another
                       [default: schedule of the config, else duet]
  --load DURATION      measured load of each run [default: workload.load of the config]
  --seed NUMBER        seed of the choice of data [default: seed of the config]
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
        hint: "peakproof calibrate --release 1.0, or peakproof calibrate BUNDLE... with at least eight bundles",
      });
    }
    const project = locateProject(parsed, context);
    const out = resolve(context.cwd, text(parsed, "out") ?? join(project.folder, "calibration.json"));
    const progress = terminalProgress(context.streams.err);
    try {
      const bundles = release === undefined ? stored : await makeRuns(release, parsed, context);
      if (context.signal.aborted) return EXIT_CODE.interrupted;
      progress.stage("Measuring the noise between runs", bundles.length * 3000);
      const learned = await learnCalibration(bundles, {
        policy: readPolicy(parsed, context),
        onRun: (done, all) => progress.update(done / all, ""),
      });
      for (const reason of learned.leftOut) progress.note(`left out: ${reason}`);
      progress.end();
      await writeCalibration(out, learned.calibration);
      const place = relative(project.folder, out);
      context.streams.out.write(`${calibrationText(learned.calibration)}\nTo use the calibration, add this to the config:\n`);
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

/** calibrationText lists the noise of each indicator, the largest first; indicators without noise between runs are only counted. */
export function calibrationText({ release, target, schedule, runs, loadMs, indicators }: Calibration): string {
  const all = Object.entries(indicators);
  const rows = all
    .filter(([, { upperSd }]) => upperSd > 0)
    .sort(([a, left], [b, right]) => right.upperSd - left.upperSd || (a < b ? -1 : 1));
  const width = Math.max(9, ...rows.map(([id]) => id.length));
  const head = `${"indicator".padEnd(width)}  runs  between runs  used by the judge  autocorrelation  bias of the candidate`;
  const seconds = Math.round(loadMs / 1000);
  return `${[
    `Noise between ${runs.length} runs of ${release} on ${target}, ${schedule}, ${seconds} s of load each`,
    "",
    head,
    ...rows.map(([id, noise]) => `${id.padEnd(width)}  ${row(noise)}`),
    `${all.length - rows.length} more indicators differ between runs no more than inside one run`,
  ].join("\n")}\n`;
}

function row({ scale, n, sd, upperSd, autocorrelation, bias }: LearnedNoise): string {
  const shown = (value: number) => (scale === "log" ? `${(100 * value).toFixed(2)} %` : value.toPrecision(2));
  const cells = [
    String(n).padStart(4),
    shown(sd).padStart(12),
    shown(upperSd).padStart(17),
    autocorrelation.toFixed(2).padStart(15),
    (bias === null ? "" : shown(bias)).padStart(21),
  ];
  return cells.join("  ");
}
