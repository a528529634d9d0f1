import { SIGNAL_PARTS } from "./signal-parts.ts";

/** BacklogPart reads what waits in one table; where the table is absent its module is not installed, and nothing can wait. */
export interface BacklogPart {
  readonly table: string;
  /** A column that not every version of Odoo has, and without which there is nothing to read. */
  readonly column?: string;
  /** One row with one JSON object: readings by name. `run.since` is when the probe began, and `run.now` this moment, UTC as Odoo stores it. */
  readonly sql: string;
}

/** Seconds that something has waited; zero where nothing waits, since an absent figure would look like a gap. */
const waitedSince = (oldest: string): string => `round(coalesce(extract(epoch from min(run.now) - ${oldest}), 0)::numeric, 1)`;

/** BACKLOG_PARTS are read in one statement. Parts that give the same figure are added up. */
export const BACKLOG_PARTS: readonly BacklogPart[] = [
  {
    // Younger ones are carts that a shopper is still filling. The shop's own, from before the run, are no backlog of this run.
    table: "sale_order",
    sql: `select json_build_object('orders_waiting', count(*), 'oldest_order_s', ${waitedSince("min(create_date)")})
from sale_order, run
where state in ('draft', 'sent') and create_date >= run.since and create_date < run.now - interval '1 minute'`,
  },
  {
    // An order that a till has handed over is paid at once, unless Odoo could not process it; a restaurant keeps open ones.
    table: "pos_order",
    sql: `select json_build_object('store_orders_waiting', count(*))
from pos_order, run
where state = 'draft' and create_date >= run.since and create_date < run.now - interval '1 minute'`,
  },
  {
    table: "stock_picking",
    sql: `select json_build_object('pickings_waiting', count(*))
from stock_picking where state in ('confirmed', 'waiting', 'assigned')`,
  },
  {
    table: "mail_mail",
    sql: `select json_build_object('mails_waiting', count(*) filter (where state = 'outgoing'),
  'mails_failed', count(*) filter (where state = 'exception'),
  'oldest_mail_s', ${waitedSince("min(create_date) filter (where state = 'outgoing')")})
from mail_mail, run where state in ('outgoing', 'exception')`,
  },
  {
    // OCA queue_job: a job with an eta in the future is not late, and one that was handed out and never began is.
    table: "queue_job",
    sql: `select json_build_object('jobs_waiting', count(*) filter (where due), 'jobs_failed', count(*) filter (where state = 'failed'),
  'oldest_job_s', ${waitedSince("min(date_created) filter (where due)")})
from (select *, state in ('pending', 'enqueued') and (eta is null or eta <= (now() at time zone 'UTC')) as due
  from (select state, eta, date_created from queue_job where state in ('pending', 'enqueued', 'failed')) open) jobs, run`,
  },
  {
    // Odoo looks once a minute and moves `nextcall` on when the job is done, so up to a good minute is no lateness.
    table: "ir_cron",
    sql: `select json_build_object('crons_overdue', count(*), 'cron_lateness_s', ${waitedSince("min(nextcall)")})
from ir_cron, run where active and nextcall < run.now`,
  },
  {
    // From 18 on Odoo counts how often in a row a scheduled job failed, and gives it up in the end.
    table: "ir_cron",
    column: "failure_count",
    sql: "select json_build_object('crons_failing', count(*)) from ir_cron where active and failure_count > 0",
  },
  ...SIGNAL_PARTS,
];

/** backlogSql joins parts into one statement; $1 is when the probe began. */
export function backlogSql(parts: readonly BacklogPart[]): string {
  const run = "with run as (select $1::timestamp as since, now() at time zone 'UTC' as now)";
  return `${run}\n${parts.map(({ sql }) => `select figures from (${sql}) as part (figures)`).join("\nunion all ")}`;
}
