/**
 * npm run bench:equal -- [--campaigns 20] [--noisy] [--keep FOLDER]: judges release 1.0 against itself on the native lab with the
 * default schedule and policy, and writes the table to bench/results. No campaign may be FAIL, regardless of the load of the
 * machine.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  CampaignNotMeasured,
  type LabCampaign,
  describeLoad,
  effectOf,
  judgeOnLab,
  root,
  stopLab,
  undecidedGates,
} from "./judge-on-lab.ts";
import { startNoise } from "./noise.ts";

const { values } = parseArgs({
  options: {
    campaigns: { type: "string", default: "20" },
    noisy: { type: "boolean", default: false },
    /** Folder in which the bundles are kept. Without it they are removed. */
    keep: { type: "string" },
    first: { type: "string", default: "1" },
    /** Limits of each campaign. Default: those of the config. */
    round: { type: "string" },
    budget: { type: "string" },
  },
  allowPositionals: false,
});
const name = values.noisy ? "equal-releases-noisy" : "equal-releases";
const folder = values.keep ?? mkdtempSync(join(tmpdir(), "peakproof-equal-"));
const rows: string[] = [];
const counts = { pass: 0, fail: 0, inconclusive: 0, "not measured": 0 };
const first = Number(values.first);
const limits = (["round", "budget"] as const).flatMap((limit) => {
  const value = values[limit];
  return value === undefined ? [] : [`--${limit}`, value];
});

for (let number = first; number < first + Number(values.campaigns); number += 1) {
  const noise = values.noisy ? startNoise(number) : null;
  try {
    const out = join(folder, `${name}-${number}`);
    const args = ["--baseline", "1.0", "--candidate", "1.0", "--seed", String(1000 + 100 * number), "--out", out];
    const campaign = await judgeOnLab([...args, ...limits]);
    counts[campaign.verdict.verdict] += 1;
    rows.push(describe(number, campaign));
  } catch (error) {
    if (!(error instanceof CampaignNotMeasured)) throw error;
    counts["not measured"] += 1;
    rows.push(`| ${number} | could not measure |${" |".repeat(9)}`);
  } finally {
    await noise?.stop();
  }
  console.log(rows.at(-1));
  writeTable();
}
await stopLab();
if (values.keep === undefined) rmSync(folder, { recursive: true });
process.exitCode = counts.fail === 0 ? 0 : 1;

function writeTable(): void {
  writeFileSync(
    join(root, "bench/results", `${name}.md`),
    `# Release 1.0 against itself${values.noisy ? " with a noisy neighbour" : ""}

${rows.length} campaigns on the native lab with the default schedule and policy${limits.length === 0 ? "" : `, ${limits.join(" ")}`}${
      values.noisy ? ", while bursts of one to three busy processes disturb the two cores" : ""
    }; written by
\`npm run bench:equal -- ${[...(values.noisy ? ["--noisy"] : []), ...limits].join(" ")}\`.
**${counts.fail} FAIL, ${counts.pass} PASS, ${counts.inconclusive} INCONCLUSIVE, ${counts["not measured"]} not measured.**

| campaign | verdict | release confidence | gates | undecided gates | statements per order | order import, typical latency | Odoo CPU | load | looks | seconds in all |
|---|---|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`,
  );
}

function describe(number: number, { verdict, seconds }: LabCampaign): string {
  const unsteady = verdict.validity.filter(({ severity }) => severity === "invalid" || severity === "unsteady");
  const open = [...undecidedGates(verdict).map(({ indicator }) => indicator), ...unsteady.map(({ code }) => code)];
  const cells = [
    number,
    verdict.verdict.toUpperCase(),
    verdict.confidence === null ? "not estimated" : verdict.confidence.toFixed(2),
    verdict.method.gates,
    open.join(", ") || "none",
    effectOf(verdict, "order-import.statements-per-transaction"),
    effectOf(verdict, "order-import.latency-typical"),
    effectOf(verdict, "platform.odoo-cpu-ms-per-transaction"),
    describeLoad(verdict),
    verdict.method.looks ?? 1,
    seconds,
  ];
  return `| ${cells.join(" | ")} |`;
}
