import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { Block, BlockValues, Evidence, Series } from "../../domain/judgement/evidence.ts";
import type { IndicatorKind } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { blocksArePairs } from "./block-effect.ts";
import type { CountEntry, RatioEntry, Usable, ValuesEntry } from "./estimate.ts";

/**
 * usableSeries selects the undisturbed blocks of a series (for work: all blocks but the cold ones) and the valid numbers in them.
 *
 * A block whose numerator, denominator or count is no finite non-negative number (a probe failed, a counter was reset) is left out in
 * both arms, so that the arms cover the same minutes. `leftOut` is the share of blocks or values that were left out.
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
    entry?.kind === "ratio" && isSound(entry.numerator) && isSound(entry.denominator)
      ? { numerator: entry.numerator, denominator: entry.denominator }
      : null,
  );
  // The observations of a rate per minute are the completed transactions, not the minutes.
  const count = (arm: Arm) =>
    pairs.blocks[arm].reduce((total, entry) => total + (perMinute ? entry.numerator : entry.denominator), 0);
  return { kind: "ratio", ...pairs, n: { baseline: count("baseline"), candidate: count("candidate") } };
}

function usableCounts(arms: PerArm<readonly BlockValues[]>): Usable {
  const pairs = keepWhole(arms, (entry): CountEntry | null =>
    entry?.kind === "count" && isSound(entry.events) && isSound(entry.exposure) && entry.events <= entry.exposure
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

function isSound(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

interface Kind {
  readonly kind: IndicatorKind;
  readonly unit: string;
}

/**
 * isOwnWork says whether an indicator measures the work of the release (statements, rows, blocks, bytes, CPU time) and not its
 * duration. A busy neighbour slows statements without adding statements or CPU time, so work is judged on disturbed blocks and with
 * missed arrivals too. The standard deviation of CPU-ms per request was .032 beside a noisy neighbour and .034 without one (sequential
 * runs of 80 s of one release); that of latencies was .5 to .8 instead of .04 to .08. Servers that are not warm yet do different work,
 * so cold blocks are never judged.
 */
export function isOwnWork({ kind }: Kind): boolean {
  return kind === "work";
}

/** isCountedWork says whether an indicator measures work that is counted exactly, which excludes CPU time. */
export function isCountedWork({ kind, unit }: Kind): boolean {
  return kind === "work" && unit !== "ms";
}

/** fewestPairs is the fewest pairs of runs that show a spread. Time blocks cost less, so the policy requires more of them. */
export const fewestPairs = 3;

/** neededBlocks is the fewest blocks with which a change can be distinguished from noise. */
export function neededBlocks(evidence: Evidence, policy: Policy): number {
  return blocksArePairs(evidence) ? fewestPairs : policy.minimumBlocks;
}

/**
 * filledBlocks counts the blocks in which both arms were measured. Empty blocks have no noise, so an arm without data after its first
 * block, or with all transactions in one block, would have too small a standard error.
 */
export function filledBlocks(usable: Usable): number {
  if (usable.kind === "values") return bothHold(usable.blocks, ({ values }) => values.length > 0);
  if (usable.kind === "ratio") return bothHold(usable.blocks, ({ denominator }) => denominator > 0);
  return bothHold(usable.blocks, ({ exposure }) => exposure > 0);
}

function bothHold<Entry>(
  blocks: { readonly baseline: readonly Entry[]; readonly candidate: readonly Entry[] },
  holds: (entry: Entry) => boolean,
): number {
  return blocks.baseline.filter((entry, index) => {
    const other = blocks.candidate[index];
    return holds(entry) && other !== undefined && holds(other);
  }).length;
}
