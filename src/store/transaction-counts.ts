import type { Arm } from "../domain/arm.ts";
import type { Database } from "./database.ts";
import { number, text, textOrNull } from "./database.ts";

/** TransactionGroup counts the good transactions of one arm and scenario in one block. */
export interface TransactionGroup {
  readonly side: string;
  readonly scenario: string | null;
  readonly block: number;
  /** Those whose intended start lies in the block. */
  readonly started: number;
  /** The same in parts: a transaction that crosses an edge counts on each side by its time there. Fits counters of work. */
  readonly underWay: number;
}

/** readTransactionGroups counts the good transactions block by block. */
export async function readTransactionGroups(database: Database): Promise<readonly TransactionGroup[]> {
  return database.rows(
    `select t.side, t.scenario, b.block::DOUBLE as block, count(*) filter (t.block = b.block)::DOUBLE as started,
      sum(if(t.end_ms > t.at_ms, greatest(0, least(t.end_ms, b.to_ms) - greatest(t.at_ms, b.from_ms)) / (t.end_ms - t.at_ms),
        if(t.block = b.block, 1, 0))) as "underWay"
    from transactions t join blocks b on t.run = b.run and t.end_ms >= b.from_ms and t.at_ms < b.to_ms
    where t.outcome = 'ok' group by all order by all`,
    { side: text, scenario: textOrNull, block: number, started: number, underWay: number },
  );
}

/** countTransactions sums one arm's transactions by block; `scenario` null means all of them. */
export function countTransactions(
  groups: readonly TransactionGroup[],
  want: { readonly side: Arm; readonly scenario: string | null; readonly as: "started" | "underWay" },
  blocks: number,
): number[] {
  const counts = Array.from({ length: blocks }, () => 0);
  for (const group of groups) {
    if (group.side !== want.side || (want.scenario !== null && group.scenario !== want.scenario)) continue;
    counts[group.block] = (counts[group.block] ?? 0) + group[want.as];
  }
  return counts;
}
