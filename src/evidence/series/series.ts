import { COMPLETED } from "../frame/measured-facts.ts";
import type { Database } from "../../bundle/files/database.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import type { BlockValues, Series } from "../../domain/judgement/evidence.ts";
import type { Indicator, Source } from "../../domain/judgement/indicator.ts";
import type { Span } from "../frame/time-axis.ts";
import {
  type CounterGrowth,
  counterTotals,
  type LevelGroup,
  levelValues,
  readCounterGrowth,
  readLevelGroups,
} from "./counters.ts";
import { type ExpectedWork, readExpectedWork, weighedTransactions } from "./expected-work.ts";
import {
  countTransactions,
  perRequest,
  readRequestGroups,
  readTransactionGroups,
  type RequestGroup,
  requestTotals,
  type TransactionGroup,
} from "./per-transaction.ts";
import { findLeftOutPairs, isRequestReading, loadRequests, loadRetries } from "./request-tables.ts";
import {
  countedMetric,
  countValues,
  readRetryGroups,
  readSampleGroups,
  type RetryGroup,
  retryValues,
  type SampleGroup,
  sampleValues,
} from "./samples.ts";

/** readSeries reads what was measured for each indicator, arm by arm and block by block. */
export async function readSeries(
  database: Database,
  indicators: readonly Indicator[],
  blocks: readonly Span[],
): Promise<Series[]> {
  const sources = indicators.map(({ source }) => source);
  const samples = await readSampleGroups(database, metricsOf(sources));
  await loadRequests(database);
  await loadRetries(database);
  await findLeftOutPairs(database);
  const tables: RatioTables = {
    requests: await readRequestGroups(database),
    counters: await readCounterGrowth(database, countersOf(sources)),
    expected: await readExpectedWork(database, countersOf(sources)),
    transactions: await readTransactionGroups(database),
    blocks,
  };
  const retries = await readRetryGroups(database);
  const levels = await readLevelGroups(database, gaugesOf(sources));
  return indicators.map((indicator) => {
    const [baseline = [], candidate = []] = ARMS.map((arm) =>
      valuesOf(indicator.source, arm, { samples, retries, levels, tables }),
    );
    return { indicator, blocks: { baseline, candidate } };
  });
}

interface Groups {
  readonly samples: readonly SampleGroup[];
  readonly retries: readonly RetryGroup[];
  readonly levels: readonly LevelGroup[];
  readonly tables: RatioTables;
}

function valuesOf(source: Source, arm: Arm, { samples, retries, levels, tables }: Groups): BlockValues[] {
  if (source.kind === "quantile" || source.kind === "typical") return sampleValues(samples, source, arm, tables.blocks.length);
  if (source.kind === "count") {
    const tries = countValues(samples, source, arm, tables.blocks.length);
    return source.event === "serialization-retry" ? retryValues(retries, tries, arm) : tries;
  }
  if (source.kind === "level") return levelValues(levels, source.reading, arm, tables.blocks.length);
  return ratioValues(tables, source, arm);
}

function metricsOf(sources: readonly Source[]): string[] {
  const metrics = sources.flatMap((source) => {
    if (source.kind === "quantile" || source.kind === "typical") return [source.metric];
    if (source.kind === "count") return [countedMetric(source.event)];
    return [];
  });
  return [...new Set(metrics)].sort();
}

function countersOf(sources: readonly Source[]): string[] {
  const names = sources.flatMap((source) => {
    if (source.kind !== "ratio" || isRequestReading(source.reading) || source.reading === COMPLETED) return [];
    return source.per === "request" ? [source.reading, requestCounterOf(source.reading)] : [source.reading];
  });
  return [...new Set(names)].sort();
}

function gaugesOf(sources: readonly Source[]): string[] {
  return [...new Set(sources.flatMap((source) => (source.kind === "level" ? [source.reading] : [])))].sort();
}

type Ratio = Extract<Source, { kind: "ratio" }>;

/** RatioTables are the sums that ratio indicators are made of. */
export interface RatioTables {
  readonly requests: readonly RequestGroup[];
  readonly counters: readonly CounterGrowth[];
  readonly expected: ExpectedWork;
  readonly transactions: readonly TransactionGroup[];
  readonly blocks: readonly Span[];
}

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
