import type { Arm } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/evidence.ts";
import type { Source } from "../../domain/indicator.ts";
import type { CounterGrowth } from "./counter-series.ts";
import { counterTotals } from "./counter-series.ts";
import type { Span } from "../evidence/cut-blocks.ts";
import type { ExpectedWork } from "./expected-work.ts";
import { isRequestReading } from "./logged-requests.ts";
import type { RequestGroup } from "./request-series.ts";
import { perRequest, requestTotals } from "./request-series.ts";
import type { TransactionGroup } from "./transaction-counts.ts";
import { countTransactions } from "./transaction-counts.ts";
import { weighedTransactions } from "./weighed-transactions.ts";

type Ratio = Extract<Source, { kind: "ratio" }>;

/** RatioTables are the sums that ratio indicators are made of. */
export interface RatioTables {
  readonly requests: readonly RequestGroup[];
  readonly counters: readonly CounterGrowth[];
  readonly expected: ExpectedWork;
  readonly transactions: readonly TransactionGroup[];
  readonly blocks: readonly Span[];
}

/** Not a probe's reading but k6's: the transactions that ended well. */
export const COMPLETED = "completed_transactions";

/** What a mean per request is divided by where the reading is a counter. */
const REQUEST_COUNTER: Readonly<Record<string, string>> = { request_duration_sum_ms: "request_duration_count" };

/** requestCounterOf is the counter of the requests that a counter belongs to. */
export function requestCounterOf(reading: string): string {
  return REQUEST_COUNTER[reading] ?? "requests";
}

/** ratioValues are numerators and denominators of one arm, one entry a block; 0/0 where one of them is not known. */
export function ratioValues(tables: RatioTables, source: Ratio, side: Arm): BlockValues[] {
  const blocks = tables.blocks.length;
  const { scenario } = source;
  if (source.per === "request") {
    if (isRequestReading(source.reading)) return perRequest(tables.requests, source, side, blocks);
    const requests = counterTotals(tables.counters, { ...source, name: requestCounterOf(source.reading), side }, blocks);
    return zip(counterTotals(tables.counters, { ...source, name: source.reading, side }, blocks), requests);
  }
  const started = countTransactions(tables.transactions, { side, scenario, as: "started" }, blocks);
  const minutes = tables.blocks.map(({ fromMs, toMs }) => (toMs - fromMs) / 60_000);
  if (source.reading === COMPLETED) return zip(started, minutes);
  if (isRequestReading(source.reading)) {
    // Transactions without a single line in the log mean that the log is missing, and not that they cost nothing.
    const totals = requestTotals(tables.requests, source, side, blocks).map(({ total, requests }) =>
      requests > 0 ? total : null,
    );
    const counted = countTransactions(tables.transactions, { side, scenario, as: "counted" }, blocks);
    return zip(totals, source.per === "minute" ? minutes : counted);
  }
  const totals = counterTotals(tables.counters, { ...source, name: source.reading, side }, blocks);
  if (source.per === "minute") return zip(totals, minutes);
  const weighed = scenario === null ? weighedTransactions(tables, source.reading, side, blocks) : null;
  return zip(totals, weighed ?? countTransactions(tables.transactions, { side, scenario, as: "underWay" }, blocks));
}

function zip(numerators: readonly (number | null)[], denominators: readonly (number | null)[]): BlockValues[] {
  return numerators.map((numerator, block) => {
    const denominator = denominators[block] ?? null;
    const known = numerator !== null && denominator !== null && denominator > 0;
    return known ? { kind: "ratio", numerator, denominator } : { kind: "ratio", numerator: 0, denominator: 0 };
  });
}
