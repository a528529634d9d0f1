import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { defaultPolicy } from "../../src/evaluator/default-policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "../../test/evaluator/synthetic-evidence.ts";
import type { Cell } from "./campaign.ts";
import { countPower } from "./counts.ts";
import { falseAlarms, noiseCells } from "./false-alarms.ts";
import { powerOf } from "./power.ts";
import { reportMarkdown } from "./report.ts";

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    repetitions: { type: "string", default: "200" },
    out: { type: "string", default: "bench/results/judge.md" },
  },
});
const repetitions = Number(values.repetitions);

const powerCells: readonly { readonly name: string; readonly cell: Cell }[] = [
  {
    name: "eight pairs of 40 s in sequence, quiet host",
    cell: { schedule: "sequential", pairs: 8, points: 40, rho: 0.3, runSd: 0.01, driftSd: 0.01 },
  },
  {
    name: "eight pairs of 40 s in sequence, drifting host",
    cell: { schedule: "sequential", pairs: 8, points: 40, rho: 0.6, runSd: 0.01, driftSd: 0.03 },
  },
  {
    name: "four minutes of duet, quiet host",
    cell: { schedule: "duet", pairs: 1, points: 240, rho: 0.3, runSd: 0.01, driftSd: 0.01 },
  },
  {
    name: "four minutes of duet, correlated noise of each arm's own",
    cell: { schedule: "duet", pairs: 1, points: 240, rho: 0.8, runSd: 0.05, driftSd: 0.05 },
  },
];

const cells = noiseCells(values.full);
const alarms = cells.map((cell, index) => {
  if (index % 36 === 0) process.stderr.write(`false alarms: cell ${index} of ${cells.length}\n`);
  return falseAlarms(cell, { repetitions, seed: index + 1 });
});
const power = powerCells.map(({ name, cell }, index) => {
  process.stderr.write(`power: ${name}\n`);
  return { name, cell, rows: powerOf(cell, { repetitions, seed: 1000 + index }) };
});

const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
const verdictOf = (evidence: ReturnType<typeof syntheticEvidence>) => evaluate(evidence, { ...defaultPolicy, resamples: 1 });
const found = seeds.filter((seed) =>
  verdictOf(syntheticEvidence({ seed, candidate: { addedStatements: 1 } })).changes.some(
    ({ indicator, change }) => indicator.endsWith("statements-per-transaction") && change === "regressed",
  ),
).length;
const gone = [
  { kind: "values", values: [] },
  { kind: "values", values: [Number.NaN] },
  { kind: "ratio", numerator: Number.NaN, denominator: 0 },
] as const;
const silent = seeds.flatMap((seed) => {
  const evidence = syntheticEvidence({ seed });
  return gone.flatMap((entry) =>
    (["baseline", "candidate"] as const).map((arm) => ({
      ...evidence,
      series: evidence.series.map(({ indicator, blocks }) => ({
        indicator,
        blocks: { ...blocks, [arm]: blocks[arm].map(() => entry) },
      })),
    })),
  );
});
const passed = silent.filter((evidence) => verdictOf(evidence).verdict === "pass").length;

const text = reportMarkdown({
  repetitions,
  alarms,
  power,
  counts: countPower(repetitions),
  work: { found, of: seeds.length },
  noData: { passed, of: silent.length },
});
await mkdir("bench/results", { recursive: true });
await writeFile(values.out, text);
process.stdout.write(text);
