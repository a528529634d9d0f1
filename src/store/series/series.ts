import type { Arm } from "../../domain/arm.ts";
import { ARMS } from "../../domain/arm.ts";
import type { BlockValues, Series } from "../../domain/evidence.ts";
import type { Indicator, Source } from "../../domain/indicator.ts";
import { readCounterGrowth } from "./counter-series.ts";
import type { Span } from "../evidence/cut-blocks.ts";
import type { Database } from "../files/database.ts";
import { readExpectedWork } from "./expected-work.ts";
import { findLeftOutPairs } from "./left-out-pairs.ts";
import type { LevelGroup } from "./level-series.ts";
import { levelValues, readLevelGroups } from "./level-series.ts";
import { isRequestReading, loadRequests } from "./logged-requests.ts";
import type { RatioTables } from "./ratio-series.ts";
import { COMPLETED, ratioValues, requestCounterOf } from "./ratio-series.ts";
import { readRequestGroups } from "./request-series.ts";
import { loadRetries } from "./retried-requests.ts";
import type { RetryGroup } from "./retry-series.ts";
import { readRetryGroups, retryValues } from "./retry-series.ts";
import type { SampleGroup } from "./sample-series.ts";
import { countedMetric, countValues, sampleValues, readSampleGroups } from "./sample-series.ts";
import { readTransactionGroups } from "./transaction-counts.ts";

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
