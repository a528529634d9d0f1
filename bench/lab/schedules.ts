/**
 * npm run bench:schedules -- [--campaigns 3]: duet, slots and sequential at equal cost on the native lab: equal releases, and a
 * candidate that burns CPU in the shop page. Writes bench/results/schedules.md.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { writeEffectConfig } from "./effect-config.ts";
import { effectOf, judgeOnLab, root, stopLab } from "./judge-on-lab.ts";

/** Each campaign has two minutes of load in all: both arms together, in turns, or in three pairs of twenty seconds. */
const SCHEDULES = [
  { schedule: "duet", limits: ["--load", "120s"] },
  { schedule: "slots", limits: ["--load", "120s"] },
  { schedule: "sequential", limits: ["--load", "20s", "--pairs", "3"] },
] as const;

const INDICATORS = [
  "order-import.statements-per-transaction",
  "platform.odoo-cpu-ms-per-transaction",
  "order-import.latency-typical",
  "checkout.latency-typical",
  "order-import.latency-p95",
] as const;

/** CPU work of the heavy candidate in each shop page and nowhere else. Its effect on order import is cross-talk. */
const HEAVY_MS = 400;

const { values } = parseArgs({ options: { campaigns: { type: "string", default: "3" } } });
const folder = mkdtempSync(join(tmpdir(), "peakproof-schedules-"));
const config = join(folder, "peakproof.yaml");
writeEffectConfig(config, { effects: { before: {}, same: {}, heavy: { shopCpuMs: HEAVY_MS } } });

const equal: { schedule: string; verdict: Evaluation; seconds: number }[] = [];
const heavy: { schedule: string; verdict: Evaluation; seconds: number }[] = [];
for (let number = 1; number <= Number(values.campaigns); number += 1) {
  for (const { schedule, limits } of SCHEDULES) {
    equal.push(await run(schedule, limits, { candidate: "same", number }));
    writeTable();
  }
}
for (const { schedule, limits } of SCHEDULES) {
  heavy.push(await run(schedule, limits, { candidate: "heavy", number: 0 }));
  writeTable();
}
await stopLab(folder);

async function run(schedule: string, limits: readonly string[], { candidate, number }: { candidate: string; number: number }) {
  const out = join(folder, `${schedule}-${candidate}-${number}`);
  const args = ["--config", config, "--baseline", "before", "--candidate", candidate, "--schedule", schedule, ...limits];
  const result = await judgeOnLab([...args, "--seed", String(100 * (number + 1)), "--out", out]);
  console.log(`${schedule} ${candidate} ${number}: ${result.verdict.verdict}, ${result.seconds} s`);
  return { schedule, ...result };
}

function writeTable(): void {
  writeFileSync(
    join(root, "bench/results/schedules.md"),
    `# Schedules at equal cost

Two minutes of load a campaign on the native lab (duet and slots: both arms in 120 s; sequential: three pairs of runs of 20 s), by
\`npm run bench:schedules -- --campaigns ${values.campaigns}\`. Cross-talk: the candidate burns ${HEAVY_MS} CPU-ms in each shop page. Order import does not use
that page, so a change in order import is cross-talk.

## Equal releases

| schedule | verdicts | seconds in all | indicator | spread of the effects (sd of ln) | mean half-width of the interval | smallest change found in 80 % |
|---|---|---|---|---|---|---|
${SCHEDULES.flatMap(({ schedule }) => equalRows(schedule)).join("\n")}

## Cross-talk of a heavy candidate

| schedule | verdict | Odoo CPU | checkout, typical latency | order import, typical latency | order import of the baseline: typical latency when the candidate is equal → heavy |
|---|---|---|---|---|---|
${heavy.map(crossTalkRow).join("\n")}
`,
  );
}

function equalRows(schedule: string): string[] {
  const own = equal.filter((each) => each.schedule === schedule);
  const verdicts = ["pass", "fail", "inconclusive"].map(
    (word) => `${own.filter(({ verdict }) => verdict.verdict === word).length} ${word}`,
  );
  const seconds = mean(own.map((each) => each.seconds));
  return INDICATORS.map((id) => {
    const changes = own.flatMap(({ verdict }) => verdict.changes.filter(({ indicator }) => indicator === id));
    const logs = changes.flatMap(({ effect }) => (effect === null ? [] : [Math.log(effect)]));
    const halves = changes.flatMap(({ lower, upper }) => (lower === null || upper === null ? [] : [Math.log(upper / lower) / 2]));
    const smallest = changes.flatMap(({ minimumDetectableEffect }) => minimumDetectableEffect ?? []);
    const cells = [
      schedule,
      verdicts.join(", "),
      seconds.toFixed(0),
      id,
      sd(logs),
      mean(halves).toFixed(4),
      percent(mean(smallest)),
    ];
    return `| ${cells.join(" | ")} |`;
  });
}

function crossTalkRow({ schedule, verdict }: (typeof heavy)[number]): string {
  const baselineOf = (each: Evaluation) =>
    each.changes.find(({ indicator }) => indicator === "order-import.latency-typical")?.baseline;
  const before = mean(equal.filter((each) => each.schedule === schedule).flatMap((each) => baselineOf(each.verdict) ?? []));
  const cells = [
    schedule,
    verdict.verdict.toUpperCase(),
    ...["platform.odoo-cpu-ms-per-transaction", "checkout.latency-typical", "order-import.latency-typical"].map((id) =>
      effectOf(verdict, id),
    ),
    `${before.toFixed(0)} → ${(baselineOf(verdict) ?? Number.NaN).toFixed(0)} ms`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function mean(list: readonly number[]): number {
  return list.reduce((total, each) => total + each, 0) / list.length;
}

function sd(list: readonly number[]): string {
  if (list.length < 2) return "one campaign";
  const middle = mean(list);
  return Math.sqrt(list.reduce((total, each) => total + (each - middle) ** 2, 0) / (list.length - 1)).toFixed(4);
}

/** Three pairs of runs have two degrees of freedom, so only a multiple is found with certainty. */
function percent(share: number): string {
  return share > 10 ? "more than 1000 %" : `${(100 * share).toFixed(1)} %`;
}
