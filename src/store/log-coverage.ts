import type { ValidityFact } from "../domain/evidence.ts";
import type { Database } from "./database.ts";
import { number, text } from "./database.ts";

/** One line may still be on its way when the load ends, and a failed request may never have reached Odoo. */
const LEAST_SHARE = 0.98;

/**
 * logCoverage compares the requests that k6 sent with those that Odoo's log holds, for each arm that has a log. Needs the table
 * `requests`. A log that lost lines would make its arm look cheaper than it is.
 */
export async function logCoverage(database: Database): Promise<ValidityFact[]> {
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
