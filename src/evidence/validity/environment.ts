import { type Database, number, text } from "../../bundle/files/database.ts";
import type { ValidityFact } from "../../domain/judgement/evidence.ts";
import type { RunEvent } from "../disturbance/event-rules.ts";
import type { Arrangement } from "../frame/time-axis.ts";
import { armDifferences } from "./arm-differences.ts";

/** environmentFacts says what the readings tell of the surroundings beyond the blocks that were left out. */
export async function environmentFacts(
  database: Database,
  arrangement: Arrangement,
  events: readonly RunEvent[],
): Promise<ValidityFact[]> {
  return [...(await armDifferences(database, arrangement)), ...candidateEvents(events), ...(await statementEvictions(database))];
}

/** candidateEvents names what happened in the candidate alone: it was left in the figures, and may explain them. */
export function candidateEvents(events: readonly RunEvent[]): ValidityFact[] {
  const sums = new Map<string, { count: number; ms: number }>();
  for (const { origin } of events) {
    if (origin?.from !== "candidate") continue;
    const sum = sums.get(origin.what) ?? { count: 0, ms: 0 };
    if (origin.unit === "ms") sum.ms += origin.amount;
    else sum.count += origin.amount;
    sums.set(origin.what, sum);
  }
  if (sums.size === 0) return [];
  const parts = [...sums].map(([what, { count, ms }]) =>
    ms > 0 ? `${what} (${(ms / 1000).toFixed(1)} s)` : `${what} (${count})`,
  );
  return [
    {
      code: "candidate-events",
      severity: "info",
      text: `in the candidate alone, and left in its figures: ${parts.join(", ")}`,
      remedy: "Find out whether the release causes them. If they came from elsewhere, run again without them.",
    },
  ];
}

/** statementEvictions says where PostgreSQL forgot statements while they were counted: what is named as a cause may lack some. */
export async function statementEvictions(database: Database): Promise<ValidityFact[]> {
  const rows = await database.rows(
    `with growths as (
      select run, side, max(value) - min(value) as evictions from readings
      where name = 'statement_evictions' and side is not null group by run, side)
    select side, sum(evictions) as evictions from growths group by side having sum(evictions) > 0 order by side`,
    { side: text, evictions: number },
  );
  if (rows.length === 0) return [];
  return [
    {
      code: "statements-evicted",
      severity: "info",
      text: `pg_stat_statements ran out of room in the ${rows.map(({ side }) => side).join(" and the ")}: causes that are named may lack calls`,
      remedy: "Raise pg_stat_statements.max, and set pg_stat_statements.track_utility = off.",
    },
  ];
}

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
