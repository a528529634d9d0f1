import type { Count } from "./distributions.ts";

/**
 * BurstCounts are the effective counts of events that come in bursts. A share of such events is less precise than one of
 * independent events. The loss depends on the size of the bursts, and a growing burst also reduces the weight of all other
 * events. Two families of counts correct for that. Each describes the same blocks, and each grows with the counts of any block.
 */
export interface BurstCounts {
  /** Whole: all events, thinned by their overdispersion between blocks. */
  readonly whole: Count;
  /** Number of events that count as one in `whole`. */
  readonly burst: number;
  /** Lower family: for each of a sequence of burst sizes, the most events that come in bursts of at most this size. */
  readonly least: readonly Count[];
  /** Upper family: the events of the worst block alone, of the two worst blocks, and so on. */
  readonly most: readonly Count[];
}

/** Ratio of neighbouring burst sizes. A tenth is too small a factor on the counts to change a verdict. */
const SIZE_STEP = 1.1;

/** burstCounts computes the effective counts from blocks. Blocks without exposure are ignored. */
export function burstCounts(blocks: readonly Count[]): BurstCounts {
  const known = blocks.filter(({ exposure }) => exposure > 0);
  const all = pool(known);
  const burst = overdispersion(known, all);
  const least: Count[] = [];
  for (let size = 1; least.length === 0 || size < burst * SIZE_STEP; size *= SIZE_STEP) {
    least.push(thin(size >= burst ? all : largestWithin(known, size), size));
  }
  const worst = known.toSorted((a, b) => b.events - a.events);
  const most = worst.map((_, last) => {
    // All blocks get the same exposure, so that the result does not depend on the block in which a failure occurred.
    const own = worst.map(({ events }, index) => ({ events: index <= last ? events : 0, exposure: all.exposure / known.length }));
    const total = pool(own);
    return thin(total, overdispersion(own, total));
  });
  const distinct = Math.max(1, worst.filter(({ events }) => events > 0).length);
  return { whole: thin(all, burst), burst, least, most: most.slice(0, distinct) };
}

/** thin keeps the share and reduces how much is known about it. */
export function thin(count: Count, factor: number): Count {
  return { events: count.events / factor, exposure: count.exposure / factor };
}

function pool(blocks: readonly Count[]): Count {
  return {
    events: blocks.reduce((total, { events }) => total + events, 0),
    exposure: blocks.reduce((total, { exposure }) => total + exposure, 0),
  };
}

/** The variance of the blocks' events over that of independent events, never below one. */
function overdispersion(blocks: readonly Count[], { events, exposure }: Count): number {
  const share = events / exposure;
  const expected = events * (1 - share);
  if (!(expected > 0) || blocks.length < 2) return 1;
  const squares = blocks.reduce((total, block) => total + (block.events - share * block.exposure) ** 2, 0);
  return Math.max(1, ((blocks.length / (blocks.length - 1)) * squares) / expected);
}

/** largestWithin takes as many of the events as leave bursts of at most `size`: the excess over the common share is cut level. */
function largestWithin(blocks: readonly Count[], size: number): Count {
  const { events, exposure } = pool(blocks);
  const fits = (total: number) => overdispersion(levelled(blocks, total), { events: total, exposure }) <= size;
  return { events: highest(fits, events), exposure };
}

/** levelled cuts the blocks to a total of events, so that they differ from the common share as little as that total allows. */
function levelled(blocks: readonly Count[], total: number): Count[] {
  const share = total / pool(blocks).exposure;
  const cut = (excess: number) =>
    blocks.map(({ events, exposure }) => ({ events: Math.min(events, share * exposure + excess), exposure }));
  const most = Math.max(...blocks.map(({ events }) => events));
  return cut(highest((excess) => pool(cut(excess)).events <= total, most));
}

/** highest finds the highest value from 0 to `most` that fits, where all below it fit, to the precision of a double. */
function highest(fits: (value: number) => boolean, most: number): number {
  if (fits(most)) return most;
  let [low, high] = [0, most];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
