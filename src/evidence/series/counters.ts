import { z } from "zod";

import { type Database, number, sqlText, text, textOrNull } from "../../bundle/files/database.ts";
import type { Arm } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/judgement/evidence.ts";

/** CounterGrowth is by how much one counter of one run grew in one block. */
export interface CounterGrowth {
  readonly run: number;
  readonly side: string | null;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly block: number;
  readonly growth: number;
  /** Share of the block that lies between two readings. */
  readonly coverage: number;
}

const labelsJson = z.record(z.string(), z.string());

/** Below this the growth inside a block is not known: its probe was away. */
const FEWEST_COVERAGE = 0.8;

/**
 * readCounterGrowth takes the differences of cumulative readings, and cuts them at the edges of the blocks in proportion to
 * time. A counter that fell was reset with the process that kept it, and grew by what it holds now.
 */
export async function readCounterGrowth(database: Database, names: readonly string[]): Promise<readonly CounterGrowth[]> {
  if (names.length === 0) return [];
  await database.run(`create or replace temp table growth as
    with ordered as (
      select *, lag(at_ms) over counter as previous_ms, lag(value) over counter as previous
      from (select run, side, probe, name, labels::VARCHAR as labels_text, labels, at_ms, max(value) as value from readings
        where name in (${names.map((name) => sqlText(name)).join(", ")}) group by all)
      window counter as (partition by run, side, probe, name, labels_text order by at_ms))
    select run, side, name, labels_text, labels, at_ms, previous_ms,
      if(value >= previous, value - previous, value) as growth from ordered where previous_ms < at_ms`);
  const rows = await database.rows(
    `select g.run::DOUBLE as run, g.side, g.name, to_json(any_value(g.labels))::VARCHAR as labels, b.block::DOUBLE as block,
      sum(g.growth * overlap / (g.at_ms - g.previous_ms)) as growth, sum(overlap) / any_value(b.to_ms - b.from_ms) as coverage
    from (select *, row_number() over () as id from growth) g
    join blocks b on g.run = b.run and g.at_ms > b.from_ms and g.previous_ms < b.to_ms,
    lateral (select least(g.at_ms, b.to_ms) - greatest(g.previous_ms, b.from_ms) as overlap)
    group by g.run, g.side, g.name, g.labels_text, b.block order by g.run, g.side, g.name, g.labels_text, b.block`,
    { run: number, side: textOrNull, name: text, labels: text, block: number, growth: number, coverage: number },
  );
  return rows.map((row) => ({ ...row, labels: labelsJson.parse(JSON.parse(row.labels)) }));
}

/** counterTotals sums the chosen counters of one arm by block; null where the counter was not read all through the block. */
export function counterTotals(
  growths: readonly CounterGrowth[],
  want: { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly side: Arm },
  blocks: number,
): (number | null)[] {
  const found = growths.filter(
    ({ name, side, labels }) =>
      name === want.name && side === want.side && Object.entries(want.labels).every(([key, value]) => labels[key] === value),
  );
  return Array.from({ length: blocks }, (_, block) => {
    const inBlock = found.filter((growth) => growth.block === block);
    const covered = Math.max(0, ...inBlock.map(({ coverage }) => coverage)) >= FEWEST_COVERAGE;
    return covered ? inBlock.reduce((sum, { growth }) => sum + growth, 0) : null;
  });
}

/** LevelGroup is what one gauge of one arm showed in one block. */
export interface LevelGroup {
  readonly side: string;
  readonly name: string;
  readonly block: number;
  readonly sum: number;
  readonly looks: number;
}

/** readLevelGroups reads gauges block by block. A moment without a reading is no zero: it is not there. */
export async function readLevelGroups(database: Database, names: readonly string[]): Promise<readonly LevelGroup[]> {
  if (names.length === 0) return [];
  return database.rows(
    `select r.side, r.name, b.block::DOUBLE as block, sum(r.value) as sum, count(*)::DOUBLE as looks
    from (select * from readings where name in (${names.map((name) => sqlText(name)).join(", ")}) and side is not null) r
    asof join blocks b on r.run = b.run and r.at_ms >= b.from_ms
    where r.at_ms < b.to_ms group by r.side, r.name, b.block order by r.side, r.name, b.block`,
    { side: text, name: text, block: number, sum: number, looks: number },
  );
}

/** levelValues are the sums and looks of one arm's gauge, one entry a block; 0/0 where nobody looked. */
export function levelValues(groups: readonly LevelGroup[], reading: string, side: Arm, blocks: number): BlockValues[] {
  const own = groups.filter((group) => group.name === reading && group.side === side);
  return Array.from({ length: blocks }, (_, block) => {
    const found = own.find((group) => group.block === block);
    return { kind: "ratio", numerator: found?.sum ?? 0, denominator: found?.looks ?? 0 };
  });
}
