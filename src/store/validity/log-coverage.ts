import type { ValidityFact } from "../../domain/evidence.ts";
import type { Database } from "../files/database.ts";
import { number, text } from "../files/database.ts";

/** logCoverage says where Odoo's log is missing or has gaps. Needs the table `requests`. */
export async function logCoverage(database: Database): Promise<ValidityFact[]> {
  return [...(await lostLines(database)), ...(await unweighedWork(database))];
}

/** One line may still be on its way when the load ends, and a failed request may never have reached Odoo. */
const LEAST_SHARE = 0.98;

/**
 * lostLines compares the requests that k6 sent with those that Odoo's log holds, for each arm that has a log. A log that lost
 * lines would make its arm look cheaper than it is.
 */
async function lostLines(database: Database): Promise<ValidityFact[]> {
  const rows = await database.rows(
    `with sent as (
      select run, side, count(*) as sent from samples
      where metric = 'peakproof_step' and pair is not null and side is not null and outcome = 'ok' group by all),
    logged as (
      select run, side, count(*) as logged from requests where name = 'request_statements' and step is not null group by all)
    select side, sum(sent)::DOUBLE as sent, sum(logged)::DOUBLE as logged from sent join logged using (run, side) group by side order by side`,
    { side: text, sent: number, logged: number },
  );
  return rows
    .filter(({ sent, logged }) => logged < sent * LEAST_SHARE)
    .map(({ side, sent, logged }) => ({
      code: "log-incomplete",
      severity: "invalid",
      text: `Odoo's log holds ${logged} of the ${sent} requests that k6 sent to the ${side}`,
      remedy: "Run again; keep the log where it is during a run, and look at the failures of the odoo probe in run.json.",
    }));
}

/** unweighedWork tells of CPU time that no requests can be set against: the mix of transactions is then noise in it. */
async function unweighedWork(database: Database): Promise<ValidityFact[]> {
  const rows = await database.rows(
    `with used as (
      select distinct run, side from readings where name in ('odoo_cpu_ms', 'postgres_cpu_ms') and side is not null),
    logged as (select distinct run, side from requests where name = 'request_python_ms' and step is not null)
    select distinct side from used anti join logged using (run, side) order by side`,
    { side: text },
  );
  if (rows.length === 0) return [];
  const arms = rows.map(({ side }) => `the ${side}`).join(" and ");
  return [
    {
      code: "work-unweighed",
      severity: "info",
      text: `no Odoo log tells which requests the CPU time of ${arms} went to, so the mix of transactions is noise in it`,
      remedy: "Name the Odoo log of each arm in the target.",
    },
  ];
}
