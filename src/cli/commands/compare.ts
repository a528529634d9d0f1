import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { defaultPolicy } from "../../evaluator/catalogue/policy.ts";
import { judgeBundles } from "../../execution/judge.ts";
import { calibratedPolicy, CALIBRATION_HELP, CALIBRATION_OPTIONS, resolvePolicy } from "../config/policy.ts";
import { readConfig } from "../config/read-config.ts";
import { type Command, type CommandContext, EXIT_CODE, type ParsedArguments, text, texts } from "../terminal/command.ts";
import { locateProject } from "../terminal/project.ts";
import { FORMAT_OPTIONS, readFormat, writeRendered, writeReports } from "./output.ts";

export const compare: Command = {
  help: `peakproof compare --baseline BUNDLE... --candidate BUNDLE... [--format text|json|markdown|html|junit]
peakproof compare BUNDLE...

Judges stored runs: bundles of one arm for each of baseline and candidate, or bundles with both arms, such as the rounds of a
campaign. With one run of each release, the verdict is FAIL or INCONCLUSIVE: one run does not show run-to-run noise.

  --baseline BUNDLE    may be given several times
  --candidate BUNDLE   may be given several times
  --out FOLDER         also write verdict.json, report.html, report.md and junit.xml there
  --config FILE        config that holds the policy [default: peakproof.yaml where there is one]
${CALIBRATION_HELP}  --format FORMAT      text, json, markdown, html or junit; --json is short for json [default: text]

  peakproof compare --baseline monday.bundle --candidate tuesday.bundle --format markdown
`,
  options: {
    baseline: { type: "string", multiple: true },
    candidate: { type: "string", multiple: true },
    out: { type: "string" },
    config: { type: "string" },
    ...CALIBRATION_OPTIONS,
    ...FORMAT_OPTIONS,
  },
  async run(parsed, context) {
    const format = readFormat(parsed);
    const evaluation = await judgeBundles(readSides(parsed, context), await readPolicy(parsed, context));
    const out = text(parsed, "out");
    const reportPath = out === undefined ? null : writeReports(evaluation, resolve(context.cwd, out), context.cwd);
    writeRendered(evaluation, { format, reportPath, streams: context.streams });
    return EXIT_CODE[evaluation.verdict];
  },
};

function readSides(parsed: ParsedArguments, { cwd }: CommandContext) {
  const path = (bundle: string) => resolve(cwd, bundle);
  const baseline = texts(parsed, "baseline").map(path);
  const candidate = texts(parsed, "candidate").map(path);
  const both = parsed.positionals.map(path);
  if (both.length > 0 && baseline.length + candidate.length === 0) return { kind: "together", bundles: both } as const;
  if (both.length === 0 && baseline.length > 0 && candidate.length > 0) return { kind: "sides", baseline, candidate } as const;
  throw new HarnessError("usage", "compare needs bundles of both baseline and candidate, or bundles that have both arms", {
    hint: "peakproof compare --baseline B1 --candidate B2, or peakproof compare BUNDLE...",
  });
}

async function readPolicy(parsed: ParsedArguments, context: CommandContext) {
  const project = locateProject(parsed, context);
  const isNamed = text(parsed, "config") !== undefined;
  const config = isNamed || existsSync(project.configPath) ? readConfig(project.configPath).policy : undefined;
  const policy = resolvePolicy(config, defaultPolicy);
  return calibratedPolicy(policy, { parsed, configured: config?.calibration, project, context });
}
