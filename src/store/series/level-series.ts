import type { Arm } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/evidence.ts";
import type { Database } from "../files/database.ts";
import { number, sqlText, text } from "../files/database.ts";

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
