import type { Database } from "../files/database.ts";

/**
 * Requests of one worker overlap by no more than the log's rounding of seconds to milliseconds; where more do, and more often
 * than a broken clock explains, a process serves several requests at a time.
 */
const OVERLAP_MS = 5;
const MOST_OVERLAPS = 0.02;

/**
 * loadWorkerWaits makes the table `worker_waits(id, queue_ms)`: how long a request waited while all workers of its arm were busy.
 *
 * Odoo's own clock starts when a worker takes the request, and k6's when it was sent. What lies between them is ingress, network
 * and queue; it was a queue as long as no worker was free. A worker is busy from the start of a request to its line in the log,
 * which tells its process, so the moments are known at which all were. Every process that served in the run counts as a worker,
 * so that one which was replaced makes the queue look shorter and never longer. Servers whose processes serve several requests at
 * a time (threads) have no such workers, and steps that k6 and the log do not count alike cannot be matched: both get no rows.
 */
export async function loadWorkerWaits(database: Database): Promise<void> {
  await database.run(`create or replace temp table worker_levels as
    with served as (
      select run, side, worker, start_ms, at_ms, start_ms < lag(at_ms) over one_worker - ${OVERLAP_MS} as is_early
      from requests where name = 'request_python_ms' and worker is not null
      window one_worker as (partition by run, side, worker order by at_ms, start_ms)),
    servers as (
      select run, side, count(distinct worker) as workers from served
      group by run, side having avg(if(is_early, 1, 0)) <= ${MOST_OVERLAPS}),
    changes as (
      select run, side, from_ms, sum(change) as change from (
        select run, side, start_ms as from_ms, 1 as change from served
        union all
        select run, side, at_ms, -1 from served) group by all),
    levels as (
      select run, side, from_ms, lead(from_ms) over in_time as to_ms, sum(change) over in_time as busy from changes
      window in_time as (partition by run, side order by from_ms)),
    known as (select l.*, l.busy >= s.workers as is_full from levels l join servers s using (run, side))
    select run, side, from_ms, is_full,
      coalesce(sum(if(is_full, to_ms - from_ms, 0)) over earlier, 0) as full_before_ms
    from known window earlier as (partition by run, side order by from_ms rows between unbounded preceding and 1 preceding)`);
  await database.run(`create or replace temp table worker_waits as
    with sent as (
      select run, side, step, at_ms + late_ms as sent_ms, value - late_ms as client_ms,
        row_number() over (of_step order by end_ms, at_ms) as place, count(*) over of_step as total
      from sent_steps window of_step as (partition by run, side, step)),
    logged as (
      select id, run, side, step, start_ms, at_ms - start_ms as busy_ms,
        row_number() over (of_step order by at_ms, id) as place, count(*) over of_step as total
      from requests where name = 'request_python_ms' and step is not null
      window of_step as (partition by run, side, step)),
    matched as (
      select l.id, l.run, l.side, l.start_ms, s.sent_ms, greatest(0, s.client_ms - l.busy_ms) as outside_ms
      from logged l join sent s using (run, side, step, place, total)),
    begun as (
      select m.*, full_before_ms + if(is_full, start_ms - from_ms, 0) as full_ms
      from matched m asof join worker_levels w on m.run = w.run and m.side = w.side and m.start_ms >= w.from_ms)
    select u.id, least(u.outside_ms, greatest(0,
        u.full_ms - coalesce(w.full_before_ms + if(w.is_full, u.sent_ms - w.from_ms, 0), 0))) as queue_ms
    from begun u asof left join worker_levels w on u.run = w.run and u.side = w.side and u.sent_ms >= w.from_ms`);
}
