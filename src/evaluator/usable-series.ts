import { type Arm, ARMS, type PerArm } from "../domain/arm.ts";
import type { Block, BlockValues, Series } from "../domain/judgement/evidence.ts";
import type { CountEntry, RatioEntry, Usable, ValuesEntry } from "./estimate.ts";
import { isOwnWork } from "./own-work.ts";

/**
 * usableSeries takes the undisturbed blocks of a series (of work: all but the cold ones) and what in them is a number.
 *
 * A block whose numerator, denominator or count is no finite non-negative number (a probe failed, a counter was reset) is left
 * out in both arms, so that the arms still describe the same minutes; `leftOut` is the share of blocks or values lost that way.
 */
export function usableSeries(series: Series, blocks: readonly Block[]): Usable {
  for (const arm of ARMS) {
    if (series.blocks[arm].length !== blocks.length) {
      throw new Error(
        `series ${series.indicator.id} has ${series.blocks[arm].length} blocks of ${arm}, evidence has ${blocks.length}`,
      );
    }
  }
  const used = blocks
    .map((block, index) => ({ block, index }))
    .filter(({ block }) => block.disturbance === null || (!block.isCold && isOwnWork(series.indicator)));
  const entries = (arm: Arm) => used.map(({ index }) => series.blocks[arm][index]).filter((entry) => entry !== undefined);
  const arms: PerArm<readonly BlockValues[]> = { baseline: entries("baseline"), candidate: entries("candidate") };
  const { source } = series.indicator;
  if (source.kind === "quantile" || source.kind === "typical") return usableValues(arms);
  return source.kind === "count" ? usableCounts(arms) : usableRatios(arms, source.kind === "ratio" && source.per === "minute");
}

function usableValues(arms: PerArm<readonly BlockValues[]>): Usable {
  let all = 0;
  let lost = 0;
  const clean = (entry: BlockValues): ValuesEntry => {
    const values = entry.kind === "values" ? entry.values : [];
    const finite = values.filter((value) => Number.isFinite(value));
    all += values.length;
    lost += values.length - finite.length;
    return { values: finite };
  };
  const blocks = { baseline: arms.baseline.map(clean), candidate: arms.candidate.map(clean) };
  const count = (arm: Arm) => blocks[arm].reduce((total, { values }) => total + values.length, 0);
  return {
    kind: "values",
    blocks,
    n: { baseline: count("baseline"), candidate: count("candidate") },
    leftOut: lost / Math.max(1, all),
  };
}

function usableRatios(arms: PerArm<readonly BlockValues[]>, perMinute: boolean): Usable {
  const pairs = keepWhole(arms, (entry): RatioEntry | null =>
    entry?.kind === "ratio" && sound(entry.numerator) && sound(entry.denominator)
      ? { numerator: entry.numerator, denominator: entry.denominator }
      : null,
  );
  // Of a rate per minute the things done are the observations, not the minutes.
  const count = (arm: Arm) =>
    pairs.blocks[arm].reduce((total, entry) => total + (perMinute ? entry.numerator : entry.denominator), 0);
  return { kind: "ratio", ...pairs, n: { baseline: count("baseline"), candidate: count("candidate") } };
}

function usableCounts(arms: PerArm<readonly BlockValues[]>): Usable {
  const pairs = keepWhole(arms, (entry): CountEntry | null =>
    entry?.kind === "count" && sound(entry.events) && sound(entry.exposure) && entry.events <= entry.exposure
      ? { events: entry.events, exposure: entry.exposure }
      : null,
  );
  const count = (arm: Arm) => pairs.blocks[arm].reduce((total, entry) => total + entry.exposure, 0);
  return { kind: "count", ...pairs, n: { baseline: count("baseline"), candidate: count("candidate") } };
}

function keepWhole<Entry>(
  arms: PerArm<readonly BlockValues[]>,
  read: (entry: BlockValues | undefined) => Entry | null,
): { blocks: PerArm<Entry[]>; leftOut: number } {
  const blocks: PerArm<Entry[]> = { baseline: [], candidate: [] };
  for (const [index, entry] of arms.baseline.entries()) {
    const baseline = read(entry);
    const candidate = read(arms.candidate[index]);
    if (baseline === null || candidate === null) continue;
    blocks.baseline.push(baseline);
    blocks.candidate.push(candidate);
  }
  const total = arms.baseline.length;
  return { blocks, leftOut: (total - blocks.baseline.length) / Math.max(1, total) };
}

function sound(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
