import type { Database } from "../../bundle/duckdb/database.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import type { BlockValues, Series } from "../../domain/judgement/evidence.ts";
import type { Indicator, Source } from "../../domain/judgement/indicator.ts";
import { COMPLETED } from "../frame/measured-facts.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { Span } from "../frame/time-axis.ts";
import {
  type CounterGrowth,
  counterTotals,
  type GrowthTable,
  type LevelGroup,
  levelValues,
  readLevelGroups,
} from "./counters.ts";
import { type ExpectedWork, expectedTransactions, readExpectedWork } from "./expected-work.ts";
import {
  countTransactions,
  perRequest,
  readRequestGroups,
  readTransactionGroups,
  type RequestGroup,
  requestTotals,
  type TransactionGroup,
} from "./per-transaction.ts";
import { isRequestReading, type RequestTables } from "./request-tables.ts";
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

/** readSeries reads the values of each indicator by arm and block. `growths` are those of `growth` by block. */
export async function readSeries(
  database: Database,
  tables: EvidenceTables & RequestTables & { readonly growth: GrowthTable },
  want: { indicators: readonly Indicator[]; growths: readonly CounterGrowth[]; blocks: readonly Span[] },
): Promise<Series[]> {
  const { indicators, growths, blocks } = want;
  const sources = indicators.map(({ source }) => source);
  const groups: Groups = {
    samples: await readSampleGroups(database, tables, metricsOf(sources)),
    retries: await readRetryGroups(database, tables, tables),
    levels: await readLevelGroups(database, tables, gaugesOf(sources)),
    ratios: {
      requests: await readRequestGroups(database, tables, tables),
      counters: growths,
      expected: await readExpectedWork(database, tables, countersOf(indicators)),
      transactions: await readTransactionGroups(database, tables, tables),
      blocks,
    },
  };
  return indicators.map((indicator) => {
    const [baseline = [], candidate = []] = ARMS.map((arm) => valuesOf(indicator.source, arm, groups));
    return { indicator, blocks: { baseline, candidate } };
  });
}

interface Groups {
  readonly samples: readonly SampleGroup[];
  readonly retries: readonly RetryGroup[];
  readonly levels: readonly LevelGroup[];
  readonly ratios: RatioGroups;
}

function valuesOf(source: Source, arm: Arm, { samples, retries, levels, ratios }: Groups): BlockValues[] {
  const blocks = ratios.blocks.length;
  if (source.kind === "quantile" || source.kind === "typical") return sampleValues(samples, { source, arm }, blocks);
  if (source.kind === "count") {
    const attempts = countValues(samples, { source, arm }, blocks);
    return source.event === "serialization-retry" ? retryValues(retries, attempts, arm) : attempts;
  }
  if (source.kind === "level") return levelValues(levels, { reading: source.reading, arm }, blocks);
  return ratioValues(ratios, source, arm);
}

function metricsOf(sources: readonly Source[]): string[] {
  const metrics = sources.flatMap((source) => {
    if (source.kind === "quantile" || source.kind === "typical") return [source.metric];
    if (source.kind === "count") return [countedMetric(source.event)];
    return [];
  });
  return [...new Set(metrics)].sort();
}

/** countersOf lists the counters from which indicators are computed. */
export function countersOf(indicators: readonly Indicator[]): string[] {
  const names = indicators.flatMap(({ source }) => {
    if (source.kind !== "ratio" || isRequestReading(source.reading) || source.reading === COMPLETED) return [];
    return source.per === "request" ? [source.reading, requestCounterOf(source.reading)] : [source.reading];
  });
  return [...new Set(names)].sort();
}

function gaugesOf(sources: readonly Source[]): string[] {
  return [...new Set(sources.flatMap((source) => (source.kind === "level" ? [source.reading] : [])))].sort();
}

type Ratio = Extract<Source, { kind: "ratio" }>;

/** RatioGroups are the sums from which ratio indicators are computed. */
interface RatioGroups {
  readonly requests: readonly RequestGroup[];
  readonly counters: readonly CounterGrowth[];
  readonly expected: ExpectedWork;
  readonly transactions: readonly TransactionGroup[];
  readonly blocks: readonly Span[];
}

/** The denominators of means per request whose numerators are counters. */
const REQUEST_COUNTER: Readonly<Record<string, string>> = { request_duration_sum_ms: "request_duration_count" };

/** The counter of the requests to which a counter belongs. */
function requestCounterOf(reading: string): string {
  return REQUEST_COUNTER[reading] ?? "requests";
}

/** Numerators and denominators of one arm, one entry a block; 0/0 where one of them is unknown. */
function ratioValues(groups: RatioGroups, source: Ratio, arm: Arm): BlockValues[] {
  const blocks = groups.blocks.length;
  const { scenario, reading, labels } = source;
  const counter = (name: string) => counterTotals(groups.counters, { name, labels, arm }, blocks);
  if (source.per === "request") {
    if (isRequestReading(reading)) return perRequest(groups.requests, { source, arm }, blocks);
    return zip(counter(reading), counter(requestCounterOf(reading)));
  }
  const transactions = (as: "started" | "counted" | "underWay") =>
    countTransactions(groups.transactions, { arm, scenario, as }, blocks);
  const minutes = groups.blocks.map(({ fromMs, toMs }) => (toMs - fromMs) / 60_000);
  if (reading === COMPLETED) return zip(transactions("started"), minutes);
  if (isRequestReading(reading)) {
    // Transactions without a single line in the log mean that the log is missing, not that they cost nothing.
    const totals = requestTotals(groups.requests, { source, arm }, blocks).map(({ total, requests }) =>
      requests > 0 ? total : null,
    );
    return zip(totals, source.per === "minute" ? minutes : transactions("counted"));
  }
  const totals = counter(reading);
  if (source.per === "minute") return zip(totals, minutes);
  const expected = scenario === null ? expectedTransactions(groups, { counter: reading, arm }, blocks) : null;
  return zip(totals, expected ?? transactions("underWay"));
}

function zip(numerators: readonly (number | null)[], denominators: readonly (number | null)[]): BlockValues[] {
  return numerators.map((numerator, block) => {
    const denominator = denominators[block] ?? null;
    const known = numerator !== null && denominator !== null && denominator > 0;
    return known ? { kind: "ratio", numerator, denominator } : { kind: "ratio", numerator: 0, denominator: 0 };
  });
}
