import type { Database } from "../files/database.ts";

/** How far the log's clock may be behind k6's: Odoo logs a request before its answer has reached k6, in whole milliseconds. */
const LOG_SLACK_MS = 20;
/** Requests of a step that a worker needs to fill its caches. */
const COLD_USES = 1;
/** Width of the buckets that keep the join of requests with transactions small; longer than nearly all transactions. */
const BUCKET_MS = 10_000;

/**
 * findLeftOutPairs makes the table `left_out_pairs(run, scenario, pair)` of the pairs that no counted work is taken from, in neither
 * arm. Needs `requests` and `retried`. A pair is left out where one of its requests
 *
 * - was among the first of its step in its worker: those fill the worker's caches of views, access rules and records, and the
 *   statements that this takes fall on either arm by chance. A worker that was warm in an earlier round of its campaign is warm;
 * - was run again after a serialization failure: its statements are then those of two transactions. How often that happens is
 *   judged by itself.
 */
export async function findLeftOutPairs(database: Database): Promise<void> {
  await matchTransactions(database);
  await database.run(`create or replace temp table cold_requests as
    select id from requests q join runs r using (run) where worker is not null and step is not null
    qualify row_number() over (partition by r.campaign, q.side, worker, step, name order by q.at_ms, id) <= ${COLD_USES}`);
  await database.run(`create or replace temp table left_out_pairs as
    select distinct run, scenario, pair from request_transactions
    where pair is not null and (id in (select id from cold_requests) or id in (select id from retried))`);
}

/**
 * matchTransactions makes the table `request_transactions(id, run, scenario, pair, block, share)`: which transaction made a request.
 *
 * Where k6 and the log count the same requests of a step, the n-th to end is the same request in both, and k6 knows its
 * transaction. Where they do not, it is the transaction that was under way in the request's arm and scenario when the request
 * ended; where several were, each gets an equal part, so that sums stay what they were.
 */
async function matchTransactions(database: Database): Promise<void> {
  await database.run(`create or replace temp table request_transactions as
    with sent as (
      select run, side, scenario, step, pair, block, row_number() over (of_step order by end_ms) as place, count(*) over of_step as total
      from samples where metric = 'peakproof_step' and side is not null and pair is not null
      window of_step as (partition by run, side, step)),
    logged as (
      select id, run, side, step, row_number() over (of_step order by at_ms, id) as place, count(*) over of_step as total
      from requests where step is not null
      window of_step as (partition by run, side, step, name)),
    ranked as (
      select l.id, l.run, s.scenario, s.pair, s.block, 1.0 as share from logged l join sent s
        on l.run = s.run and l.side = s.side and l.step = s.step and l.place = s.place and l.total = s.total),
    spread as (
      select *, unnest(range((at_ms // ${BUCKET_MS})::BIGINT, (end_ms // ${BUCKET_MS})::BIGINT + 1)) as bucket from transactions)
    select * from ranked
    union all
    select q.id, q.run, t.scenario, t.pair, t.block, 1.0 / count(*) over (partition by q.id) as share
    from requests q join spread t on q.run = t.run and q.side = t.side and q.scenario = t.scenario
      and (q.at_ms // ${BUCKET_MS})::BIGINT = t.bucket and q.at_ms >= t.at_ms and q.at_ms <= t.end_ms + ${LOG_SLACK_MS}
    where q.id not in (select id from ranked)`);
}
