import { join, resolve } from "node:path";

import { type Arm, ARMS } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { RunManifest } from "../../domain/load/run.ts";
import { performRun } from "../../execution/perform-run.ts";
import { LOAD_HELP, LOAD_OPTIONS, readNumber, resolveWorkload } from "../config/load.ts";
import { readConfig } from "../config/read-config.ts";
import { type Command, EXIT_CODE, newRunId, text } from "../terminal/command.ts";
import { terminalProgress } from "../terminal/progress.ts";
import { locateProject, packageFolder } from "../terminal/project.ts";
import { unknownWord } from "../terminal/words.ts";
import { prepareTarget } from "./prepare-target.ts";

export const run: Command = {
  help: `peakproof run --release RELEASE [options]

Loads one release once, writes a run bundle and prints its folder. Judge bundles with peakproof compare.

  --release RELEASE    label of a release in the config; for a server target any label
  --arm ARM            arm of a server target [default: baseline]
${LOAD_HELP}
  peakproof run --release 1.0 --out before.bundle
`,
  options: { release: { type: "string" }, arm: { type: "string" }, ...LOAD_OPTIONS },
  async run(parsed, context) {
    const project = locateProject(parsed, context);
    const config = readConfig(project.configPath);
    const label = text(parsed, "release");
    if (label === undefined) throw new HarnessError("usage", "run needs --release", { hint: "peakproof run --release 1.0" });
    const arm = readArm(text(parsed, "arm") ?? "baseline");
    const workload = resolveWorkload(config.workload, text(parsed, "load"));
    const seed = readNumber(parsed, "seed", { default: config.seed ?? 1, minimum: 0 });
    const runId = newRunId(new Date(), Math.random);
    const bundle = resolve(context.cwd, text(parsed, "out") ?? join(project.folder, "reports", `${runId}-${label}`));

    const progress = terminalProgress(context.streams.err);
    let manifest: RunManifest;
    try {
      const target = await prepareTarget({ config, project, labels: { [arm]: label }, context, progress });
      try {
        const prepared = await target.prepare([arm]);
        const { k6 } = target;
        const scenarios = join(packageFolder, "scenarios", "main.ts");
        const schedule = { kind: "sequential", arm } as const;
        manifest = await performRun({
          runId,
          bundle,
          prepared,
          schedule,
          workload,
          seed,
          shop: null,
          k6,
          scenarios,
          signal: context.signal,
          progress,
        });
      } finally {
        await target.close();
      }
    } finally {
      progress.end();
    }
    context.streams.out.write(`${bundle}\n`);
    if (context.signal.aborted) return EXIT_CODE.interrupted;
    if (manifest.status === "complete") return EXIT_CODE.pass;
    context.streams.err.write(
      `the run did not complete: ${manifest.statusReason ?? manifest.status}; its bundle can be read, but a verdict on it is never PASS\n`,
    );
    return EXIT_CODE["cannot-measure"];
  },
};

function readArm(word: string): Arm {
  const arm = ARMS.find((known) => known === word);
  if (arm === undefined) throw unknownWord("arm", word, ARMS);
  return arm;
}
