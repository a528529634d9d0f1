import type { Arm } from "../../domain/arm.ts";
import { ARMS } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/evidence.ts";
import type { Source } from "../../domain/indicator.ts";
import type { Database } from "../files/database.ts";
import { number, text, textOrNull } from "../files/database.ts";
import { blockOf } from "../evidence/evidence-tables.ts";

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
