import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { type DrillRow, FAULT_SIZES, type FaultSize } from "../../domain/judgement/drill.ts";
import { defaultPolicy } from "../../evaluator/catalogue/policy.ts";
import { type CampaignOptions, type CampaignResult, runCampaign } from "../../execution/campaign.ts";
import { openDrillLab } from "../../execution/drill-lab.ts";
import { runDrill, scoreDrill } from "../../execution/drill.ts";
import { FAULTS } from "../../lab/faults/catalogue.ts";
import type { LabFault } from "../../lab/faults/fault.ts";
import { labUp } from "../../lab/lab-up.ts";
import { readNumber, resolveLimits, resolveWorkload, ROUND_OPTIONS, roundOf } from "../config/load.ts";
import { calibratedPolicy, CALIBRATION_HELP, CALIBRATION_OPTIONS, resolvePolicy } from "../config/policy.ts";
import { readConfig } from "../config/read-config.ts";
import {
  type Command,
  type CommandContext,
  EXIT_CODE,
  newRunId,
  type ParsedArguments,
  text,
  texts,
} from "../terminal/command.ts";
import { terminalProgress } from "../terminal/progress.ts";
import { locateProject, packageFolder, type Project } from "../terminal/project.ts";
import { unknownWord } from "../terminal/words.ts";
import { describeCatalogue, describeDrill, describeRow, drillMarkdown } from "./drill-text.ts";
import { writeReports } from "./output.ts";

/** DRILL_DEFAULTS give each fault one round, and further rounds while the verdict is inconclusive. The budget ends a disturbed row. */
export const DRILL_DEFAULTS = { round: "70s", max: "6m", budget: "8m" } as const;

/** performDrill runs the drill that the command line describes. */
export async function performDrill(
  parsed: ParsedArguments,
  context: CommandContext,
  { faults, size }: { faults: readonly LabFault[]; size: FaultSize },
): Promise<readonly DrillRow[]> {
  const { signal, cwd } = context;
  const project = locateProject(parsed, context);
  const common = await readCommon(parsed, context, project);
  const folder = join(project.folder, "reports", `drill-${newRunId(new Date(), Math.random)}`);
  const out = text(parsed, "out");
  const command = commandOf(parsed);
  const rows: DrillRow[] = [];
  const progress = terminalProgress(context.streams.err);
  const lab = { projectDir: project.folder, signal, progress };
  try {
    const { entries } = await labUp(lab);
    const addonsPath = join(packageFolder, "fixtures", "addons", "drill");
    return await runDrill({
      faults,
      size,
      signal,
      lab: await openDrillLab(lab, { addonsPath, seed: common.seed }),
      campaign: ({ fault, prepare, aroundLoad }) => {
        progress.note(`fault ${rows.length + 1} of ${faults.length}: ${fault.id}`);
        const own = { id: newRunId(new Date(), Math.random), folder: join(folder, fault.id), k6: entries.k6 };
        return runCampaign({ ...common, ...own, prepare, aroundLoad, signal, progress });
      },
      async onRow(row, result) {
        rows.push(row);
        progress.note(describeRow(row));
        keepReports(result, join(folder, row.fault.id), { cwd, keepBundles: parsed.values["keep"] === true });
        if (out !== undefined) writeFileSync(resolve(cwd, out), drillMarkdown(rows, { command, size, planned: faults.length }));
      },
    });
  } finally {
    progress.end();
  }
}

type Common = Pick<CampaignOptions, "schedule" | "workload" | "limits" | "policy" | "seed" | "scenarios">;

/** readCommon reads what the campaigns of all faults have in common. */
async function readCommon(parsed: ParsedArguments, context: CommandContext, project: Project): Promise<Common> {
  const config = readConfig(project.configPath);
  if (!("lab" in config.target)) {
    throw new HarnessError("usage", `${project.configPath}: a drill damages its target, so it runs on the lab only`, {
      hint: "Name a config with `target: { lab: native }`.",
      place: ["target"],
    });
  }
  const schedule = "duet";
  const workload = resolveWorkload(config.workload, roundOf(parsed) ?? DRILL_DEFAULTS.round);
  const words = {
    max: text(parsed, "max") ?? DRILL_DEFAULTS.max,
    budget: text(parsed, "budget") ?? DRILL_DEFAULTS.budget,
    isFixed: false,
    pairs: undefined,
  };
  const policy = await calibratedPolicy(resolvePolicy(config.policy, defaultPolicy), {
    parsed,
    configured: config.policy?.calibration,
    project,
    context,
  });
  return {
    schedule,
    workload,
    limits: resolveLimits(undefined, words, { schedule, workload }),
    policy,
    seed: readNumber(parsed, "seed", { default: config.seed ?? 1, minimum: 0 }),
    scenarios: join(packageFolder, "scenarios", "main.ts"),
  };
}

/** keepReports writes the reports of a row. It removes the bundles, which have some megabytes each, unless --keep was given. */
function keepReports(result: CampaignResult | null, folder: string, options: { cwd: string; keepBundles: boolean }): void {
  if (result === null || result.evaluation === null) return;
  writeReports(result.evaluation, folder, options.cwd);
  const { compared } = result;
  if (options.keepBundles || compared.kind !== "together") return;
  for (const bundle of compared.bundles) rmSync(bundle, { recursive: true, force: true });
}

/** Options that change where results are kept, and not how they were made. */
const NO_PART: ReadonlySet<string> = new Set(["out", "keep"]);

/** commandOf is the command that makes the same table again. */
function commandOf({ values }: ParsedArguments): string {
  const words = Object.entries(values)
    .filter(([name]) => !NO_PART.has(name))
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((each: unknown) =>
        each === true ? [`--${name}`] : typeof each === "string" ? [`--${name} ${each}`] : [],
      ),
    );
  return ["peakproof drill", ...words].join(" ");
}

export const drill: Command = {
  help: `peakproof drill --all|--only FAULT...|--list [options]

Injects known faults into the candidate's arm of the lab, one after the other, and shows what the judge finds: whether it fails
the release, which layer it reports, after how much load, and whether it fails a control, which has no fault.
Exit codes: 0 all targets are met, 1 not all are met, 4 a fault could not be injected, proved to be in effect, or undone.

  --all                every fault of the catalogue, and the controls
  --only FAULT         one fault, by its id; may be repeated
  --list               show the catalogue and do nothing else
  --size WORD          small, medium or large [default: medium]
  --round DURATION     load per round [default: ${DRILL_DEFAULTS.round}]; --min is an alias
  --max DURATION       most undisturbed load for one fault [default: ${DRILL_DEFAULTS.max}]
  --budget DURATION    most time for one fault, counted from its first round [default: ${DRILL_DEFAULTS.budget}]
  --config FILE        rates, policy and margins; must name the lab [default: peakproof.yaml]
  --seed NUMBER        seed of the choice of data and of the noise [default: seed of the config]
  --out FILE           also write the table to this file, as Markdown, after each row
  --keep               keep the bundles; otherwise only verdicts and reports stay, in reports/drill-<date>
${CALIBRATION_HELP}  --format FORMAT      text or json [default: text]

  peakproof drill --all --out bench/results/drill.md
  peakproof drill --only redis-latency --size small --keep
`,
  options: {
    all: { type: "boolean" },
    only: { type: "string", multiple: true },
    list: { type: "boolean" },
    size: { type: "string" },
    ...ROUND_OPTIONS,
    max: { type: "string" },
    budget: { type: "string" },
    config: { type: "string" },
    seed: { type: "string" },
    out: { type: "string" },
    keep: { type: "boolean" },
    format: { type: "string" },
    ...CALIBRATION_OPTIONS,
  },
  async run(parsed, context) {
    const format = text(parsed, "format") ?? "text";
    if (format !== "text" && format !== "json") throw unknownWord("format", format, ["text", "json"]);
    const { out } = context.streams;
    if (parsed.values["list"] === true) {
      out.write(format === "json" ? `${JSON.stringify(FAULTS, null, 2)}\n` : describeCatalogue(FAULTS));
      return EXIT_CODE.pass;
    }
    const faults = chooseFaults(parsed);
    const size = readSize(text(parsed, "size") ?? "medium");
    const rows = await performDrill(parsed, context, { faults, size });
    const score = scoreDrill(rows);
    out.write(format === "json" ? `${JSON.stringify({ size, score, rows }, null, 2)}\n` : describeDrill(rows, score));
    if (context.signal.aborted) return EXIT_CODE.interrupted;
    if (score.unjudged > 0) return EXIT_CODE["cannot-measure"];
    return score.isMet ? EXIT_CODE.pass : EXIT_CODE.fail;
  },
};

function chooseFaults(parsed: ParsedArguments): readonly LabFault[] {
  const only = texts(parsed, "only");
  const isAll = parsed.values["all"] === true;
  if (isAll === only.length > 0) {
    throw new HarnessError("usage", "drill needs either --all or --only", {
      hint: "peakproof drill --list shows the faults: --only takes the ids.",
    });
  }
  if (isAll) return FAULTS;
  const ids = FAULTS.map(({ id }) => id);
  for (const id of only) if (!ids.includes(id)) throw unknownWord("fault", id, ids);
  return FAULTS.filter(({ id }) => only.includes(id));
}

function readSize(word: string): FaultSize {
  const size = FAULT_SIZES.find((known) => known === word);
  if (size === undefined) throw unknownWord("size", word, FAULT_SIZES);
  return size;
}
