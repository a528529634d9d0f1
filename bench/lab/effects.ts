/**
 * npm run bench:effects -- [--only NAME]: changes of known size in one arm of the native lab, and the verdicts of the judge. The
 * sizes of CPU time and waiting come from a campaign that is measured first. Writes bench/results/effects.md.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { type Effect, writeEffectConfig } from "./effect-config.ts";
import { describeLoad, effectOf, judgeOnLab, root, stopLab } from "./judge-on-lab.ts";
import { startNoise } from "./noise.ts";

const CPU = "platform.odoo-cpu-ms-per-transaction";
const PAGE = "checkout.shop.latency-p50";

/** CPU work in each shop page of the campaign that finds the sizes: several times the uncertainty of its measurement. */
const SIZING_MS = 200;

/** Margins of 2 % for CPU time and of 5 % for the page, against which changes of 5 % and of 10 % are judged. */
const tightCpu = { indicators: { [CPU]: { margin: { relative: 0.02, absolute: 0.5 } } } };
const tightPage = { indicators: { [PAGE]: { gate: true, margin: { relative: 0.05, absolute: 0.1 } } } };

interface Trial {
  readonly name: string;
  readonly expected: string;
  readonly indicator: string;
  readonly effect: Effect;
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly limits: readonly string[];
  readonly isNoisy?: boolean;
}

const { values } = parseArgs({ options: { only: { type: "string", multiple: true }, keep: { type: "string" } } });
const folder = values.keep ?? mkdtempSync(join(tmpdir(), "peakproof-effects-"));
mkdirSync(folder, { recursive: true });
const { shopCpuMs, shopWaitMs } = await measureSizes();
const chosen = trials().filter(({ name }) => values.only === undefined || values.only.includes(name));
const rows = keptRows(chosen.map(({ name }) => name));
for (const trial of chosen) {
  const noise = trial.isNoisy === true ? startNoise(7) : null;
  try {
    const verdict = await judge(trial.name, trial);
    rows.push(describe(trial, verdict));
    console.log(rows.at(-1));
    writeTable();
  } finally {
    await noise?.stop();
  }
}
await stopLab(folder);

function trials(): Trial[] {
  const cpu = { indicator: CPU, effect: { shopCpuMs }, limits: ["--load", "4m"] };
  const statement = { indicator: "order-import.statements-per-transaction", effect: { statements: 1 }, expected: "FAIL" };
  return [
    { ...statement, name: "statement", limits: ["--round", "60s", "--max", "2m"] },
    { ...statement, name: "statement-noisy", limits: ["--round", "60s", "--max", "2m"], isNoisy: true },
    { ...cpu, name: "cpu-10", expected: "FAIL", policy: tightCpu },
    { ...cpu, name: "cpu-10-noisy", expected: "FAIL", policy: tightCpu, isNoisy: true },
    {
      ...cpu,
      name: "cpu-5",
      expected: "FAIL",
      effect: { shopCpuMs: shopCpuMs / 2 },
      policy: tightCpu,
      limits: ["--load", "12m"],
    },
    {
      name: "page-10",
      expected: "FAIL or INCONCLUSIVE",
      indicator: PAGE,
      effect: { shopWaitMs },
      policy: tightPage,
      limits: ["--round", "90s", "--max", "6m"],
    },
  ];
}

/**
 * measureSizes finds the CPU work in the shop page that is a tenth of an arm's Odoo CPU time, and the time that is a tenth of the
 * page's median. A campaign is needed: the addon sizes its work on a resting machine, and under load the same work takes longer.
 */
async function measureSizes(): Promise<{ shopCpuMs: number; shopWaitMs: number }> {
  const verdict = await judge("sizes", { effect: { shopCpuMs: SIZING_MS }, limits: ["--load", "120s"] });
  const changeOf = (id: string) => verdict.changes.find(({ indicator }) => indicator === id);
  const { effect = null } = changeOf(CPU) ?? {};
  const { baseline = null } = changeOf(PAGE) ?? {};
  if (effect === null || effect <= 1 || baseline === null) throw new Error(`The sizes could not be measured: ${verdict.verdict}`);
  return { shopCpuMs: (0.1 * SIZING_MS) / (effect - 1), shopWaitMs: 0.1 * baseline };
}

async function judge(name: string, { effect, policy, limits }: Pick<Trial, "effect" | "limits" | "policy">): Promise<Evaluation> {
  const config = join(folder, `${name}.yaml`);
  writeEffectConfig(config, { effects: { before: {}, after: effect }, ...(policy === undefined ? {} : { policy }) });
  const out = join(folder, name);
  const args = ["--config", config, "--baseline", "before", "--candidate", "after", ...limits, "--out", out];
  return (await judgeOnLab(args)).verdict;
}

function describe({ name, expected, effect, indicator, limits }: Trial, verdict: Evaluation): string {
  const change = verdict.changes.find((each) => each.indicator === indicator);
  const mde = change?.minimumDetectableEffect ?? null;
  const size = Object.entries(effect).map(([key, amount]) => `${key} ${amount.toFixed(1)}`);
  const cells = [
    name,
    size.join(", "),
    limits.join(" "),
    expected,
    verdict.verdict.toUpperCase(),
    `${indicator}: ${change?.change ?? "no data"}`,
    effectOf(verdict, indicator),
    mde === null ? "unknown" : `${(100 * mde).toFixed(1)} %`,
    describeLoad(verdict),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Rows of other trials from earlier calls stay in the table. */
function keptRows(again: readonly string[]): string[] {
  const path = join(root, "bench/results/effects.md");
  if (values.only === undefined || !existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  const others = trials().filter(({ name }) => !again.includes(name));
  return lines.filter((line) => others.some(({ name }) => line.startsWith(`| ${name} |`)));
}

function writeTable(): void {
  writeFileSync(
    join(root, "bench/results/effects.md"),
    `# Changes of known size

One campaign per change on the native lab, written by \`npm run bench:effects\`. Margins: the defaults for statements, 2 % for CPU time, 5 % for
the page. An earlier campaign sizes the CPU work in the shop page: cpu-10 is intended to be a tenth of an arm's Odoo CPU time, cpu-5 half of that.
On a shared machine the CPU time of the same work differs from campaign to campaign, so the effect found differs from the intended effect.

| change | size | limits | expected | verdict | indicator | effect found | smallest change found in 80 % | load |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`,
  );
}
