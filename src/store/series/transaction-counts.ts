import type { Arm } from "../../domain/arm.ts";
import type { Database } from "../files/database.ts";
import { number, text, textOrNull } from "../files/database.ts";

/** TransactionGroup counts the good transactions of one arm and scenario in one block. */
export interface TransactionGroup {
  readonly side: string;
  readonly scenario: string | null;
  readonly block: number;
  /** Those whose intended start (of a pair: the earlier one) lies in the block. */
  readonly started: number;
  /** Those of `started` whose work is counted: of no pair that is left out (see findLeftOutPairs). */
  readonly counted: number;
  /** `started` in parts: a transaction that crosses an edge counts on each side by its time there. Fits counters of work. */
  readonly underWay: number;
}

/** readTransactionGroups counts the good transactions block by block. Needs the table `left_out_pairs`. */
export async function readTransactionGroups(database: Database): Promise<readonly TransactionGroup[]> {
  return database.rows(
    `with parts as (
      select t.side, t.scenario, t.block, 1.0 as started, if(p.run is null, 1.0, 0.0) as counted, 0.0 as under_way
      from transactions t left join left_out_pairs p on t.run = p.run and t.scenario = p.scenario and t.pair = p.pair
      where t.outcome = 'ok' and t.block is not null
      union all
      select t.side, t.scenario, b.block, 0.0, 0.0, if(t.end_ms > t.at_ms,
        greatest(0, least(t.end_ms, b.to_ms) - greatest(t.at_ms, b.from_ms)) / (t.end_ms - t.at_ms),
        if(t.at_ms >= b.from_ms and t.at_ms < b.to_ms, 1, 0))
      from transactions t join blocks b on t.run = b.run and t.end_ms >= b.from_ms and t.at_ms < b.to_ms
      where t.outcome = 'ok')
    select side, scenario, block::DOUBLE as block, sum(started) as started, sum(counted) as counted, sum(under_way) as "underWay"
    from parts group by all order by all`,
    { side: text, scenario: textOrNull, block: number, started: number, counted: number, underWay: number },
  );
}

/** countTransactions sums one arm's transactions by block; `scenario` null means all of them. */
export function countTransactions(
  groups: readonly TransactionGroup[],
  want: { readonly side: Arm; readonly scenario: string | null; readonly as: "started" | "counted" | "underWay" },
  blocks: number,
): number[] {
  const counts = Array.from({ length: blocks }, () => 0);
  for (const group of groups) {
    if (group.side !== want.side || (want.scenario !== null && group.scenario !== want.scenario)) continue;
    counts[group.block] = (counts[group.block] ?? 0) + group[want.as];
  }
  return counts;
}
