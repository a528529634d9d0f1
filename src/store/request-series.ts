import type { Arm } from "../domain/arm.ts";
import { ARMS } from "../domain/arm.ts";
import type { BlockValues } from "../domain/evidence.ts";
import type { Source } from "../domain/indicator.ts";
import { ROUTE_STEPS } from "../domain/route-step.ts";
import type { Database } from "./database.ts";
import { number, sqlText, text, textOrNull } from "./database.ts";
import { blockOf } from "./evidence-tables.ts";

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

/** Readings of single requests, unlike counters: each stands for itself. */
export function isRequestReading(reading: string): boolean {
  return reading.startsWith("request_") && !reading.startsWith("request_duration_");
}

/** How far the log's clock may be behind k6's: Odoo logs a request before its answer has reached k6, in whole milliseconds. */
const LOG_SLACK_MS = 20;
/** Width of the buckets that keep the join of requests with transactions small; longer than nearly all transactions. */
const BUCKET_MS = 10_000;

/**
 * readRequestGroups reads the readings of single requests, block by block.
 *
 * A request counts in the block of its transaction, which is the one that was under way in its arm and scenario when the
 * request ended. Where several were, each gets an equal part, so that sums stay what they were. Otherwise a transaction that
 * crosses the edge of a block would leave its work in one block and itself in another.
 */
export async function readRequestGroups(database: Database): Promise<readonly RequestGroup[]> {
  await loadRequests(database);
  await database.run(`create or replace temp table request_shares as
    with spread as (
      select *, unnest(range((at_ms // ${BUCKET_MS})::BIGINT, (end_ms // ${BUCKET_MS})::BIGINT + 1)) as bucket from transactions),
    matched as (
      select q.id, t.block, 1.0 / count(*) over (partition by q.id) as share
      from requests q join spread t on q.run = t.run and q.side = t.side and q.scenario = t.scenario
        and (q.at_ms // ${BUCKET_MS})::BIGINT = t.bucket and q.at_ms >= t.at_ms and q.at_ms <= t.end_ms + ${LOG_SLACK_MS})
    select id, block, share from matched
    union all
    select q.id, ${blockOf("q.at_ms")}, 1.0 from requests q asof left join blocks b on q.run = b.run and q.at_ms >= b.from_ms
    where q.id not in (select id from matched)`);
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

async function loadRequests(database: Database): Promise<void> {
  await database.run(`create or replace temp table routes (method VARCHAR, route VARCHAR, step VARCHAR, scenario VARCHAR)`);
  const rows = ROUTE_STEPS.map(({ method, route, step, scenario }) => {
    const cells = [method, route, step, scenario].map((cell) => (cell === null ? "null" : sqlText(cell)));
    return `(${cells.join(", ")})`;
  });
  if (rows.length > 0) await database.run(`insert into routes values ${rows.join(", ")}`);
  await database.run(`create or replace temp table requests as
    select row_number() over () as id, r.run, r.side, r.name, r.value, r.at_ms, r.labels['method'] as method,
      r.labels['route'] as route,
      r.labels['status'] as status, t.step, t.scenario
    from readings r left join routes t on t.method = r.labels['method'] and t.route = r.labels['route']
    where r.side is not null and r.probe = 'odoo' and r.name like 'request\\_%' escape '\\'`);
}
