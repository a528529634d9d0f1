import { type Database, number, text, textOrNull } from "../../bundle/files/database.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/judgement/evidence.ts";
import type { Source } from "../../domain/judgement/indicator.ts";
import { blockOf } from "../frame/tables.ts";

type Ratio = Extract<Source, { kind: "ratio" }>;

/** RequestGroup is what the Odoo access log says of one route in one arm and block. */
export interface RequestGroup {
  readonly side: Arm;
  readonly reading: string;
  readonly method: string | null;
  readonly route: string | null;
  readonly status: string | null;
  readonly step: string | null;
  readonly scenario: string | null;
  readonly block: number;
  readonly total: number;
  /** Requests; parts of one where it may belong to one of several transactions. */
  readonly requests: number;
}

/**
 * readRequestGroups reads the readings of single requests, block by block. Needs the tables of findLeftOutPairs.
 *
 * A request counts in the block of its transaction. Otherwise a transaction that crosses the edge of a block would leave its work
 * in one block and itself in another. Requests of pairs that are left out are left out.
 */
export async function readRequestGroups(database: Database): Promise<readonly RequestGroup[]> {
  await database.run(`create or replace temp table request_shares as
    select t.id, if(p.run is null, t.block, null) as block, t.share from request_transactions t
    left join left_out_pairs p on t.run = p.run and t.scenario = p.scenario and t.pair = p.pair
    union all
    select q.id, ${blockOf("q.at_ms")}, 1.0 from requests q asof left join blocks b on q.run = b.run and q.at_ms >= b.from_ms
    where q.id not in (select id from request_transactions)`);
  const rows = await database.rows(
    `select q.side, q.name as reading, q.method, q.route, q.status, q.step, q.scenario, s.block::DOUBLE as block,
      sum(q.value * s.share) as total, sum(s.share) as requests
    from requests q join request_shares s using (id) where s.block is not null group by all order by all`,
    {
      side: text,
      reading: text,
      method: textOrNull,
      route: textOrNull,
      status: textOrNull,
      step: textOrNull,
      scenario: textOrNull,
      block: number,
      total: number,
      requests: number,
    },
  );
  return rows.flatMap((row) => ARMS.filter((side) => side === row.side).map((side) => ({ ...row, side })));
}

/** requestTotals sums the chosen requests of one arm by block. */
export function requestTotals(
  groups: readonly RequestGroup[],
  source: Ratio,
  side: Arm,
  blocks: number,
): { readonly total: number; readonly requests: number }[] {
  const totals = Array.from({ length: blocks }, () => ({ total: 0, requests: 0 }));
  for (const group of groups) {
    const sums = totals[group.block];
    if (sums === undefined || group.side !== side || group.reading !== source.reading || !fits(group, source)) continue;
    sums.total += group.total;
    sums.requests += group.requests;
  }
  return totals;
}

/** perRequest is the mean of the chosen requests of one arm, one entry a block. */
export function perRequest(groups: readonly RequestGroup[], source: Ratio, side: Arm, blocks: number): BlockValues[] {
  return requestTotals(groups, source, side, blocks).map(({ total, requests }) => ({
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
