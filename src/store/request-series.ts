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
/** Requests of a step that a worker needs to fill its caches. */
const COLD_USES = 1;
/** Width of the buckets that keep the join of requests with transactions small; longer than nearly all transactions. */
const BUCKET_MS = 10_000;

/**
 * readRequestGroups reads the readings of single requests, block by block.
 *
 * A request counts in the block of its transaction. Otherwise a transaction that crosses the edge of a block would leave its work
 * in one block and itself in another. Where k6 and the log count the same requests of a step, the n-th to end is the same request
 * in both, and k6 knows its transaction. Where they do not, it is the transaction that was under way in the request's arm and
 * scenario when the request ended; where several were, each gets an equal part, so that sums stay what they were. Requests of cold
 * pairs are left out.
 */
export async function readRequestGroups(database: Database): Promise<readonly RequestGroup[]> {
  await loadRequests(database);
  await matchByRank(database);
  await findColdPairs(database);
  await database.run(`create or replace temp table request_shares as
    with unmatched as (select * from requests where id not in (select id from ranked_requests)), spread as (
      select *, unnest(range((at_ms // ${BUCKET_MS})::BIGINT, (end_ms // ${BUCKET_MS})::BIGINT + 1)) as bucket from transactions),
    matched as (
      select q.id, t.block, 1.0 / count(*) over (partition by q.id) as share
      from unmatched q join spread t on q.run = t.run and q.side = t.side and q.scenario = t.scenario
        and (q.at_ms // ${BUCKET_MS})::BIGINT = t.bucket and q.at_ms >= t.at_ms and q.at_ms <= t.end_ms + ${LOG_SLACK_MS})
    select id, if(is_cold, null, block) as block, 1.0 as share from ranked_requests
    union all
    select id, block, share from matched
    union all
    select q.id, ${blockOf("q.at_ms")}, 1.0 from unmatched q asof left join blocks b on q.run = b.run and q.at_ms >= b.from_ms
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

/**
 * matchByRank makes the table `ranked_requests(id, run, scenario, pair, block, is_cold)` of the requests that k6 and the log count
 * alike. A pair is cold where one of its requests was among the first of its step in its worker: those fill the worker's caches of
 * views, access rules and records, and the statements that this takes fall on either arm by chance.
 */
async function matchByRank(database: Database): Promise<void> {
  await database.run(`create or replace temp table ranked_requests as
    with sent as (
      select run, side, scenario, step, pair, block, row_number() over (of_step order by end_ms) as place, count(*) over of_step as total
      from samples where metric = 'peakproof_step' and side is not null and pair is not null
      window of_step as (partition by run, side, step)),
    logged as (
      select id, run, side, step, row_number() over (of_step order by at_ms, id) as place, count(*) over of_step as total,
        worker is not null and row_number() over (of_worker order by at_ms, id) <= ${COLD_USES} as is_cold_use
      from requests where step is not null
      window of_step as (partition by run, side, step, name), of_worker as (partition by run, side, worker, step, name))
    select l.id, l.run, s.scenario, s.pair, s.block, bool_or(l.is_cold_use) over (partition by l.run, s.scenario, s.pair) as is_cold
    from logged l join sent s
      on l.run = s.run and l.side = s.side and l.step = s.step and l.place = s.place and l.total = s.total`);
}

/** findColdPairs makes the table `cold_pairs(run, scenario, pair)`, so that their transactions can be left out of denominators. */
async function findColdPairs(database: Database): Promise<void> {
  await database.run(`create or replace temp table cold_pairs as
    select distinct run, scenario, pair from ranked_requests where is_cold`);
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
      r.labels['status'] as status, r.labels['worker'] as worker, t.step, t.scenario
    from readings r left join routes t on t.method = r.labels['method'] and t.route = r.labels['route']
    where r.side is not null and r.probe = 'odoo' and r.name like 'request\\_%' escape '\\'`);
}
