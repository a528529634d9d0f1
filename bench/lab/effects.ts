/**
 * npm run bench:effects -- [--only NAME]: changes of known size in one arm of the native lab, and what the judge says of them.
 * Sizes of CPU time and waiting are made from a campaign of equal releases that is measured first. Writes bench/results/effects.md.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Evaluation } from "../../src/domain/evaluation.ts";
import { type Effect, writeEffectConfig } from "./effect-config.ts";
import { describeLoad, effectOf, judgeOnLab, root, stopLab } from "./judge-on-lab.ts";
import { startNoise } from "./noise.ts";

const CPU = "platform.odoo-cpu-ms-per-transaction";
const PAGE = "checkout.shop.latency-p50";

/** A margin of 2 % for CPU time, and of 5 % for the page: what a change of 5 % and of 10 % can be held against. */
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
const { shopCpuMs, shopWaitMs } = await measureEqual();
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
    noise?.stop();
  }
}
await stopLab(folder);

function trials(): Trial[] {
  const cpu = { indicator: CPU, effect: { shopCpuMs }, limits: ["--load", "4m"] };
  const statement = { indicator: "order-import.statements-per-transaction", effect: { statements: 1 }, expected: "FAIL" };
  return [
    { ...statement, name: "statement", limits: ["--min", "60s", "--max", "2m"] },
    { ...statement, name: "statement-noisy", limits: ["--min", "60s", "--max", "2m"], isNoisy: true },
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
      limits: ["--min", "90s", "--max", "6m"],
    },
  ];
}

/** measureEqual finds what a tenth of an arm's Odoo CPU time is per shop page, and a tenth of the page's median. */
async function measureEqual(): Promise<{ shopCpuMs: number; shopWaitMs: number }> {
  const verdict = await judge("equal", { effect: {}, limits: ["--load", "60s"] });
  const value = (id: string) => verdict.changes.find(({ indicator }) => indicator === id)?.baseline ?? Number.NaN;
  const volumes = verdict.load.volumes;
  const all = volumes.reduce((total, { achieved }) => total + achieved, 0);
  const checkouts = volumes.find(({ scenario }) => scenario === "checkout")?.achieved ?? Number.NaN;
  // Each checkout opens one shop page.
  return { shopCpuMs: (0.1 * value(CPU) * all) / checkouts, shopWaitMs: 0.1 * value(PAGE) };
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

/** Rows of earlier starts of other trials stay in the table. */
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

One campaign each on the native lab, written by \`npm run bench:effects\`. A tenth of an arm's Odoo CPU time was ${shopCpuMs.toFixed(0)} CPU-ms per
shop page, a tenth of the page's median ${shopWaitMs.toFixed(1)} ms. Margins: the defaults for statements, 2 % for CPU time, 5 % for the page.
The work that burns CPU time is sized while the machine rests; under load it takes longer, so that more is found than was meant.

| change | size | limits | expected | verdict | indicator | effect found | smallest change found in 80 % | load |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`,
  );
}
