import type { Arm } from "../../domain/arm.ts";
import { ARMS } from "../../domain/arm.ts";
import type { ExpectedWork } from "./expected-work.ts";
import { weightOf } from "./expected-work.ts";
import type { RequestGroup } from "./request-series.ts";
import type { TransactionGroup } from "./transaction-counts.ts";
import { countTransactions } from "./transaction-counts.ts";

interface Tables {
  readonly requests: readonly RequestGroup[];
  readonly transactions: readonly TransactionGroup[];
  readonly expected: ExpectedWork;
}

/**
 * weighedTransactions are the transactions of one arm by block, weighed by the work that their requests were expected to be: ten
 * of average cost, or twenty of half that. Which transactions a block holds, and where its edges cut them, is then no noise in what
 * a counter grew per transaction. Null where a log does not tell.
 *
 * An arm whose transactions make more requests, or dearer kinds of them, than those of both arms together gets no more
 * transactions for it: what they cost shows.
 */
export function weighedTransactions(tables: Tables, counter: string, side: Arm, blocks: number): number[] | null {
  const weight = weightOf(counter);
  const { groups, costs, unknown } = tables.expected;
  if (weight === null || unknown.includes(counter)) return null;
  const prices = costs.get(weight) ?? new Map<string, number>();
  const share = requestShare(tables, { weight, prices }, blocks);
  if (share === null) return null;
  const worth = share.perTransaction * share.excess[side];
  const works = Array.from({ length: blocks }, () => 0);
  for (const group of groups) {
    if (group.side === side && group.counter === counter) works[group.block] = (works[group.block] ?? 0) + group.work / worth;
  }
  return works;
}

/**
 * requestShare is the expected work of one transaction over both arms, and by how much more (1.1: a tenth) an arm's requests come
 * to than its transactions would make them at the mean of their scenarios. Whole transactions tell it, so no block's edge is in it.
 */
function requestShare(
  { requests, transactions }: Tables,
  { weight, prices }: { weight: string; prices: ReadonlyMap<string, number> },
  blocks: number,
): { readonly perTransaction: number; readonly excess: Readonly<Record<Arm, number>> } | null {
  const scenarios = [...new Set(transactions.flatMap(({ scenario }) => (scenario === null ? [] : [scenario])))];
  const sums = { baseline: { made: 0, mean: 0, count: 0 }, candidate: { made: 0, mean: 0, count: 0 } };
  for (const scenario of scenarios) {
    const parts = ARMS.map((side) => ({
      side,
      made: madeBy(requests, { weight, prices, side, scenario }),
      count: total(countTransactions(transactions, { side, scenario, as: "counted" }, blocks)),
    }));
    const count = total(parts.map((part) => part.count));
    if (count <= 0) continue;
    const mean = total(parts.map(({ made }) => made)) / count;
    for (const part of parts) {
      sums[part.side].made += part.made;
      sums[part.side].mean += mean * part.count;
      sums[part.side].count += part.count;
    }
  }
  const { baseline, candidate } = sums;
  if (!(Math.min(baseline.made, candidate.made, baseline.mean, candidate.mean) > 0)) return null;
  return {
    perTransaction: (baseline.mean + candidate.mean) / (baseline.count + candidate.count),
    excess: { baseline: baseline.made / baseline.mean, candidate: candidate.made / candidate.mean },
  };
}

interface Made {
  readonly weight: string;
  readonly prices: ReadonlyMap<string, number>;
  readonly side: Arm;
  readonly scenario: string;
}

function madeBy(requests: readonly RequestGroup[], { weight, prices, side, scenario }: Made): number {
  return total(
    requests
      .filter((group) => group.reading === weight && group.side === side && group.scenario === scenario)
      .map((group) => group.requests * (prices.get(group.step ?? "") ?? 0)),
  );
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
