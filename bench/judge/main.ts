/**
 * npm run bench:judge: the judge against other rules on the same synthetic campaigns.
 *
 * --full takes the whole grid of noise, --repetitions N campaigns a cell, --bundles FOLDER also judges recorded campaigns of the
 * lab, --out FOLDER is where the report and its pictures go. The results do not depend on the machine.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BenchResults } from "./bench-results.ts";
import { noiseCells } from "./cell.ts";
import { effectCases } from "./effects.ts";
import { worstCells } from "./false-alarms.ts";
import { familyCases } from "./families.ts";
import { looksCases } from "./looks.ts";
import { alarmsPicture, powerPicture } from "./pictures.ts";
import { powerCells, powerFactor } from "./power-cells.ts";
import { judgeRecorded } from "./recorded.ts";
import { reportMarkdown } from "./report.ts";
import { shareOut } from "./share-out.ts";
import { found, type Task } from "./task.ts";

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    repetitions: { type: "string", default: "100" },
    bundles: { type: "string" },
    out: { type: "string", default: "bench/results" },
  },
});
const repetitions = Number(values.repetitions);

const numbers = (list: readonly unknown[]) => list.map((_, index) => index);
const first: Task[] = [
  ...powerCells.map(({ cell }, index): Task => ({
    kind: "power",
    cell,
    repetitions: powerFactor * repetitions,
    seed: 10_000 + index,
  })),
  ...numbers(effectCases).map((number): Task => ({ kind: "effect", number, repetitions, seed: 20_000 + number })),
  ...numbers(looksCases).map((number): Task => ({ kind: "looks", number, repetitions, seed: 30_000 + number })),
  ...numbers(familyCases).map((number): Task => ({ kind: "family", number, repetitions, seed: 40_000 + number })),
  { kind: "counts", repetitions: 2 * repetitions, seed: 0 },
  { kind: "confidence", repetitions: 4 * repetitions, seed: 50_000 },
  { kind: "neighbour", repetitions: 5 * repetitions, seed: 60_000 },
  { kind: "safety", repetitions, seed: 0 },
  ...noiseCells(values.full).map((cell, index): Task => ({ kind: "alarms", cell, repetitions, seed: index + 1 })),
];
const done = await shareOut(first, (count) => progress("first draw", count, first.length));
const alarms = found(done, "alarms");
const second = worstCells(alarms, 5).map((worst, index): Task => ({
  kind: "repeat",
  ...worst,
  repetitions: 10 * repetitions,
  seed: 70_000 + index,
}));
const again = await shareOut(second, (count) => progress("worst cells again", count, second.length));

const results: BenchResults = {
  repetitions,
  full: values.full,
  alarms,
  repeated: found(again, "repeat"),
  power: found(done, "power").flatMap((each, index) => {
    const named = powerCells[index];
    return named === undefined ? [] : [{ ...named, found: each }];
  }),
  effects: found(done, "effect"),
  families: found(done, "family"),
  looks: found(done, "looks").flat(),
  counts: found(done, "counts").flat(),
  confidence: only(found(done, "confidence")),
  safety: only(found(done, "safety")),
  neighbour: only(found(done, "neighbour")),
  recorded: values.bundles === undefined ? [] : await judgeRecorded(values.bundles),
};
const report = reportMarkdown(results);
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, "judge.md"), report);
await writeFile(join(values.out, "judge-false-alarms.svg"), alarmsPicture(results));
await writeFile(join(values.out, "judge-power.svg"), powerPicture(results));
process.stdout.write(report);

function only<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined) throw new Error("a part of the bench found nothing");
  return one;
}

function progress(what: string, count: number, of: number): void {
  if (count % 25 === 0 || count === of) process.stderr.write(`${what}: ${count} of ${of}\n`);
}
