import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { HarnessError } from "../domain/error.ts";
import type { DrillRow, FaultSize } from "../domain/judgement/drill.ts";
import { defaultPolicy } from "../evaluator/default-policy.ts";
import { type CampaignOptions, type CampaignResult, runCampaign } from "../execution/campaign.ts";
import { openDrillLab } from "../execution/drill-lab.ts";
import { runDrill } from "../execution/drill.ts";
import type { LabFault } from "../lab/faults/lab-fault.ts";
import { labUp } from "../lab/lab-up.ts";
import { calibratedPolicy } from "./calibrated-policy.ts";
import { type CommandContext, type ParsedArguments, text } from "./command.ts";
import { readConfig } from "./config/read-config.ts";
import { resolveLimits } from "./config/resolve-limits.ts";
import { resolvePolicy } from "./config/resolve-policy.ts";
import { resolveWorkload } from "./config/resolve-workload.ts";
import { drillMarkdown } from "./drill-markdown.ts";
import { describeRow } from "./drill-text.ts";
import { readNumber } from "./load-options.ts";
import { writeReports } from "./output.ts";
import { locateProject, packageFolder, type Project } from "./project.ts";
import { newRunId } from "./run-id.ts";
import { terminalProgress } from "./terminal-progress.ts";

/** DRILL_DEFAULTS let a fault have one round, and where that leaves it open some more; noise ends a row by its budget. */
export const DRILL_DEFAULTS = { min: "70s", max: "6m", budget: "8m" } as const;

/** performDrill does what the command line of a drill says. */
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
    throw new HarnessError("usage", `${project.configPath}: a drill breaks its target, so it takes the lab and nothing else`, {
      hint: "Name a config with `target: { lab: native }`.",
      place: ["target"],
    });
  }
  const schedule = "duet";
  const workload = resolveWorkload(config.workload, text(parsed, "min") ?? DRILL_DEFAULTS.min);
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

/** keepReports writes the reports of a row, and removes the bundles, which are some megabytes each, where nobody asked for them. */
function keepReports(result: CampaignResult | null, folder: string, options: { cwd: string; keepBundles: boolean }): void {
  if (result === null || result.evaluation === null) return;
  writeReports(result.evaluation, folder, options.cwd);
  const { compared } = result;
  if (options.keepBundles || compared.kind !== "together") return;
  for (const bundle of compared.bundles) rmSync(bundle, { recursive: true, force: true });
}

/** What says where the table goes, and what else is kept, is no part of how it was made. */
const NO_PART: ReadonlySet<string> = new Set(["out", "keep"]);

/** commandOf writes down the command that makes the same table again. */
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
