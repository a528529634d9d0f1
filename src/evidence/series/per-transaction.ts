import { arm, type Database, number, orNull, text } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import type { Arm } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/judgement/evidence.ts";
import type { Source } from "../../domain/judgement/indicator.ts";
import { blockOf, type EvidenceTables } from "../frame/tables.ts";
import type { RequestTables } from "./request-tables.ts";

type Ratio = Extract<Source, { kind: "ratio" }>;

/** RequestGroup is the readings of Odoo's log for one route in one arm and block. */
export interface RequestGroup {
  readonly arm: Arm;
  readonly reading: string;
  readonly method: string | null;
  readonly route: string | null;
  readonly status: string | null;
  readonly step: string | null;
  readonly scenario: string | null;
  readonly block: number;
  readonly total: number;
  /** Number of requests; a request that may belong to several transactions counts in parts. */
  readonly requests: number;
}

/**
 * readRequestGroups sums the readings of single requests by block.
 *
 * A request counts in the block of its transaction. Otherwise a transaction that crosses the edge of a block would count in one
 * block and its work in the other. Requests of pairs that are left out do not count.
 */
export async function readRequestGroups(
  database: Database,
  { blocks }: Pick<EvidenceTables, "blocks">,
  { requests, requestTransactions, leftOutPairs }: RequestTables,
): Promise<readonly RequestGroup[]> {
  const shares = await database.table(
    "request_shares",
    sql`select t.id, if(p.run is null, t.block, null) as block, t.share from ${requestTransactions} t
    left join ${leftOutPairs} p on t.run = p.run and t.scenario = p.scenario and t.pair = p.pair
    union all
    select q.id, ${blockOf(sql`q.at_ms`)}, 1.0
    from ${requests} q asof left join ${blocks} b on q.run = b.run and q.at_ms >= b.from_ms
    where q.id not in (select id from ${requestTransactions})`,
  );
  return database.rows(
    sql`select q.arm, q.name as reading, q.method, q.route, q.status, q.step, q.scenario, s.block,
      sum(q.value * s.share order by q.id) as total, sum(s.share order by q.id) as requests
    from ${requests} q join ${shares} s using (id) where s.block is not null group by all order by all`,
    {
      arm,
      reading: text,
      method: orNull(text),
      route: orNull(text),
      status: orNull(text),
      step: orNull(text),
      scenario: orNull(text),
      block: number,
      total: number,
      requests: number,
    },
  );
}

/** requestTotals sums the chosen requests of one arm by block. */
export function requestTotals(
  groups: readonly RequestGroup[],
  { source, arm: of }: { source: Ratio; arm: Arm },
  blocks: number,
): { readonly total: number; readonly requests: number }[] {
  const totals = Array.from({ length: blocks }, () => ({ total: 0, requests: 0 }));
  for (const group of groups) {
    const sums = totals[group.block];
    if (sums === undefined || group.arm !== of || group.reading !== source.reading || !fits(group, source)) continue;
    sums.total += group.total;
    sums.requests += group.requests;
  }
  return totals;
}

/** perRequest is the mean of the chosen requests of one arm, one entry a block. */
export function perRequest(groups: readonly RequestGroup[], of: { source: Ratio; arm: Arm }, blocks: number): BlockValues[] {
  return requestTotals(groups, of, blocks).map(({ total, requests }) => ({
    kind: "ratio",
    numerator: total,
    denominator: requests,
  }));
}

function fits(group: RequestGroup, { labels, scenario }: Ratio): boolean {
  if (scenario !== null && group.scenario !== scenario) return false;
  const { method, route, status, step } = group;
  const known: Readonly<Record<string, string | null>> = { method, route, status, step, scenario: group.scenario };
  return Object.entries(labels).every(([name, value]) => known[name] === value);
}

/** TransactionGroup counts the successful transactions of one arm and scenario in one block. */
export interface TransactionGroup {
  readonly arm: Arm;
  readonly scenario: string | null;
  readonly block: number;
  /** Transactions whose intended start (of a pair: the earlier one) lies in the block. */
  readonly started: number;
  /** Transactions of `started` whose work is counted: those of no pair that is left out. */
  readonly counted: number;
  /** Transactions in parts: one that crosses an edge counts on each side by its time there. Matches counters of work. */
  readonly underWay: number;
}

/** readTransactionGroups counts the successful transactions by block. */
export async function readTransactionGroups(
  database: Database,
  { transactions, blocks }: Pick<EvidenceTables, "transactions" | "blocks">,
  { leftOutPairs }: Pick<RequestTables, "leftOutPairs">,
): Promise<readonly TransactionGroup[]> {
  return database.rows(
    sql`with parts as (
      select t.arm, t.scenario, t.block, t.run, t.at_ms, t.end_ms, 1.0 as started, if(p.run is null, 1.0, 0.0) as counted, 0.0 as under_way
      from ${transactions} t left join ${leftOutPairs} p on t.run = p.run and t.scenario = p.scenario and t.pair = p.pair
      where t.outcome = 'ok' and t.block is not null
      union all
      select t.arm, t.scenario, b.block, t.run, t.at_ms, t.end_ms, 0.0, 0.0, if(t.end_ms > t.at_ms,
        greatest(0, least(t.end_ms, b.to_ms) - greatest(t.at_ms, b.from_ms)) / (t.end_ms - t.at_ms),
        if(t.at_ms >= b.from_ms and t.at_ms < b.to_ms, 1, 0))
      from ${transactions} t join ${blocks} b on t.run = b.run and t.end_ms >= b.from_ms and t.at_ms < b.to_ms
      where t.outcome = 'ok')
    select arm, scenario, block, sum(started) as started, sum(counted) as counted, 
      sum(under_way order by run, at_ms, end_ms) as under_way
    from parts group by all order by all`,
    { arm, scenario: orNull(text), block: number, started: number, counted: number, underWay: number },
  );
}

/** countTransactions sums one arm's transactions by block; `scenario` null means all scenarios. */
export function countTransactions(
  groups: readonly TransactionGroup[],
  want: { readonly arm: Arm; readonly scenario: string | null; readonly as: "started" | "counted" | "underWay" },
  blocks: number,
): number[] {
  const counts = Array.from({ length: blocks }, () => 0);
  for (const group of groups) {
    if (group.arm !== want.arm || (want.scenario !== null && group.scenario !== want.scenario)) continue;
    counts[group.block] = (counts[group.block] ?? 0) + group[want.as];
  }
  return counts;
}
