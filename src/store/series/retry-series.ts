import type { Arm } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/evidence.ts";
import type { Database } from "../files/database.ts";
import { number, text } from "../files/database.ts";
import { blockOf } from "../evidence/evidence-tables.ts";

/** RetryGroup is how many transactions of one arm Odoo ran again in one block; zero where its log was read and told of none. */
export interface RetryGroup {
  readonly side: string;
  readonly block: number;
  readonly retries: number;
}

/** readRetryGroups counts the retries block by block, for arms whose log was read. Needs the table `retries`. */
export async function readRetryGroups(database: Database): Promise<readonly RetryGroup[]> {
  return database.rows(
    `with placed as (
      select r.side, ${blockOf("r.at_ms")} as block, r.times from retries r asof left join blocks b on r.run = b.run and r.at_ms >= b.from_ms
      union all
      select distinct l.side, b.block, 0.0 from readings l join blocks b using (run)
      where l.probe = 'odoo' and l.name = 'serialization_retries' and l.side is not null)
    select side, block::DOUBLE as block, sum(times) as retries from placed where block is not null group by all order by all`,
    { side: text, block: number, retries: number },
  );
}

/**
 * retryValues are the retries of one arm and the transactions that they are a share of, one entry a block. A transaction that was
 * retried many times may bring more retries than there were transactions; all of them is the most that a share can be.
 */
export function retryValues(groups: readonly RetryGroup[], transactions: readonly BlockValues[], side: Arm): BlockValues[] {
  return transactions.map((entry, block) => {
    const found = groups.find((group) => group.side === side && group.block === block);
    if (found === undefined || entry.kind !== "count") return { kind: "count", events: 0, exposure: 0 };
    return { kind: "count", events: Math.min(found.retries, entry.exposure), exposure: entry.exposure };
  });
}
