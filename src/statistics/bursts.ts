import type { Count } from "./distributions.ts";

/**
 * Failures come in bursts, so a share that was counted in blocks is known less well than independent events would tell it. How much
 * less depends on the burst itself, and a burst that grows makes all the other events count for less as well. Two families of counts
 * take that back, each of them true of the same blocks; the larger the counts are in any block, the larger what the family tells.
 */
export interface BurstCounts {
  /** Whole: all events, thinned by their overdispersion between blocks. */
  readonly whole: Count;
  /** How many events count as one in `whole`. */
  readonly burst: number;
  /** What the blocks tell at least: for one size of bursts after another the most events that come in no larger ones. */
  readonly least: readonly Count[];
  /** What they may come to: the events of the worst block alone, of the two worst, and so on. */
  readonly most: readonly Count[];
}

/** Sizes of bursts are a tenth apart: a factor on what is known that no verdict hangs on. */
const SIZE_STEP = 1.1;

/** burstCounts reads what blocks tell of a share. Blocks without exposure tell nothing. */
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
    // As if all blocks had the same exposure: which of them a failure fell into must not matter then.
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
