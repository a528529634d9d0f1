import { arm, type Database, labels, number, orNull, text } from "../../bundle/duckdb/database.ts";
import { sql, type Table } from "../../bundle/duckdb/sql.ts";
import type { Arm } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/judgement/evidence.ts";
import type { EvidenceTables } from "../frame/tables.ts";

/**
 * GrowthTable is `(run, arm, name, labels_text, labels, at_ms, previous_ms, growth)`: the growth of each counter between two
 * readings that follow each other.
 */
export type GrowthTable = Table<"growth">;

/** CounterGrowth is the growth of one counter of one run in one block. */
export interface CounterGrowth {
  readonly run: number;
  readonly arm: Arm | null;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly block: number;
  readonly growth: number;
  /** Share of the block that lies between two readings. */
  readonly coverage: number;
}

/** Below this coverage the growth in a block is unknown, because its probe was interrupted. */
const FEWEST_COVERAGE = 0.8;

/**
 * loadGrowth takes the differences of cumulative readings. A counter that fell was reset with its process: its growth is its new
 * value.
 */
export async function loadGrowth(
  database: Database,
  { readings }: Pick<EvidenceTables, "readings">,
  names: readonly string[],
): Promise<GrowthTable> {
  return database.table(
    "growth",
    sql`with ordered as (
      select *, lag(at_ms) over counter as previous_ms, lag(value) over counter as previous
      from (select run, arm, probe, name, labels::VARCHAR as labels_text, labels, at_ms, max(value) as value from ${readings}
        where name in ${[...new Set(names)].sort()} group by all)
      window counter as (partition by run, arm, probe, name, labels_text order by at_ms))
    select run, arm, name, labels_text, labels, at_ms, previous_ms,
      if(value >= previous, value - previous, value) as growth from ordered where previous_ms < at_ms`,
  );
}

/**
 * readCounterGrowth cuts the growth of counters at the edges of the blocks, in proportion to time. Sums are taken in a fixed
 * order, because the rows of a join come in another order each time and would change the last digits.
 */
export async function readCounterGrowth(
  database: Database,
  { growth, blocks }: { growth: GrowthTable } & Pick<EvidenceTables, "blocks">,
): Promise<readonly CounterGrowth[]> {
  return database.rows(
    sql`select g.run, g.arm, g.name, any_value(g.labels) as labels, b.block,
      sum(g.growth * overlap / (g.at_ms - g.previous_ms) order by g.at_ms, g.growth) as growth,
      sum(overlap order by g.at_ms, overlap) / any_value(b.to_ms - b.from_ms) as coverage
    from ${growth} g join ${blocks} b on g.run = b.run and g.at_ms > b.from_ms and g.previous_ms < b.to_ms,
    lateral (select least(g.at_ms, b.to_ms) - greatest(g.previous_ms, b.from_ms) as overlap)
    group by g.run, g.arm, g.name, g.labels_text, b.block order by g.run, g.arm, g.name, g.labels_text, b.block`,
    { run: number, arm: orNull(arm), name: text, labels, block: number, growth: number, coverage: number },
  );
}

/** counterTotals sums the chosen counters of one arm by block; null where the counter was not read throughout the block. */
export function counterTotals(
  growths: readonly CounterGrowth[],
  want: { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly arm: Arm },
  blocks: number,
): (number | null)[] {
  const found = growths.filter(
    (growth) =>
      growth.name === want.name &&
      growth.arm === want.arm &&
      Object.entries(want.labels).every(([key, value]) => growth.labels[key] === value),
  );
  return Array.from({ length: blocks }, (_, block) => {
    const inBlock = found.filter((growth) => growth.block === block);
    const covered = Math.max(0, ...inBlock.map(({ coverage }) => coverage)) >= FEWEST_COVERAGE;
    return covered ? inBlock.reduce((sum, { growth }) => sum + growth, 0) : null;
  });
}

/** LevelGroup is the readings of one gauge of one arm in one block. */
export interface LevelGroup {
  readonly arm: Arm;
  readonly name: string;
  readonly block: number;
  readonly sum: number;
  readonly count: number;
}

/** readLevelGroups sums the readings of gauges by block. A moment without a reading does not count as zero. */
export async function readLevelGroups(
  database: Database,
  { readings, blocks }: Pick<EvidenceTables, "readings" | "blocks">,
  names: readonly string[],
): Promise<readonly LevelGroup[]> {
  if (names.length === 0) return [];
  return database.rows(
    sql`select r.arm, r.name, b.block, sum(r.value order by r.at_ms, r.value) as sum, count(*) as count
    from (select * from ${readings} where name in ${names} and arm is not null) r
    asof join ${blocks} b on r.run = b.run and r.at_ms >= b.from_ms
    where r.at_ms < b.to_ms group by r.arm, r.name, b.block order by r.arm, r.name, b.block`,
    { arm, name: text, block: number, sum: number, count: number },
  );
}

/** levelValues are the sum and the number of readings of one arm's gauge, one entry a block; 0/0 where there are no readings. */
export function levelValues(
  groups: readonly LevelGroup[],
  { reading, arm: of }: { reading: string; arm: Arm },
  blocks: number,
): BlockValues[] {
  const own = groups.filter((group) => group.name === reading && group.arm === of);
  return Array.from({ length: blocks }, (_, block) => {
    const found = own.find((group) => group.block === block);
    return { kind: "ratio", numerator: found?.sum ?? 0, denominator: found?.count ?? 0 };
  });
}
