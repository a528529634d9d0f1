import { arm, type Database, number } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import type { ValidityFact } from "../../domain/judgement/evidence.ts";
import type { RunEvent } from "../disturbance/event-rules.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { Arrangement } from "../frame/time-axis.ts";
import type { RequestTables } from "../series/request-tables.ts";
import { armDifferences } from "./arm-differences.ts";

/** environmentFacts lists facts about the environment that the readings show, apart from disturbed blocks. */
export async function environmentFacts(
  database: Database,
  tables: Pick<EvidenceTables, "readings">,
  { arrangement, events }: { arrangement: Arrangement; events: readonly RunEvent[] },
): Promise<ValidityFact[]> {
  return [
    ...(await armDifferences(database, tables, arrangement)),
    ...candidateEvents(events),
    ...(await statementEvictions(database, tables)),
  ];
}

/** Names the events of the candidate alone. Their blocks were kept in the figures, and the events may explain the figures. */
function candidateEvents(events: readonly RunEvent[]): ValidityFact[] {
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
      text: `events in the candidate alone, which are part of its figures: ${parts.join(", ")}`,
      remedy: "Find out whether the release causes the events. If it does not, run again without them.",
    },
  ];
}

/** Names the arms in which PostgreSQL evicted statements while they were counted, so that causes may lack calls. */
async function statementEvictions(database: Database, { readings }: Pick<EvidenceTables, "readings">): Promise<ValidityFact[]> {
  const rows = await database.rows(
    sql`with growths as (
      select run, arm, max(value) - min(value) as evictions from ${readings}
      where name = 'statement_evictions' and arm is not null group by run, arm)
    select arm, sum(evictions) as evictions from growths group by arm having sum(evictions) > 0 order by arm`,
    { arm, evictions: number },
  );
  if (rows.length === 0) return [];
  return [
    {
      code: "statements-evicted",
      severity: "info",
      text: `pg_stat_statements was full in the ${rows.map((row) => row.arm).join(" and the ")}: the named causes may lack calls`,
      remedy: "Raise pg_stat_statements.max, and set pg_stat_statements.track_utility = off.",
    },
  ];
}

type LogTables = Pick<EvidenceTables, "samples" | "readings"> & Pick<RequestTables, "requests">;

/** logCoverage names arms whose Odoo log is missing or incomplete. */
export async function logCoverage(database: Database, tables: LogTables): Promise<ValidityFact[]> {
  return [...(await lostLines(database, tables)), ...(await unexpectedWork(database, tables))];
}

/** One line may not have been written yet when the load ends, and a failed request may not have reached Odoo. */
const LEAST_SHARE = 0.98;

/**
 * lostLines compares the number of requests that k6 sent with the number in Odoo's log, for each arm that has a log. A log that
 * lost lines would make its arm appear cheaper than it is.
 */
async function lostLines(database: Database, { samples, requests }: LogTables): Promise<ValidityFact[]> {
  const rows = await database.rows(
    sql`with sent as (
      select run, arm, count(*) as sent from ${samples}
      where metric = 'peakproof_step' and pair is not null and arm is not null and outcome = 'ok' group by all),
    logged as (
      select run, arm, count(*) as logged from ${requests} where name = 'request_statements' and step is not null group by all)
    select arm, sum(sent) as sent, sum(logged) as logged from sent join logged using (run, arm) group by arm order by arm`,
    { arm, sent: number, logged: number },
  );
  return rows
    .filter(({ sent, logged }) => logged < sent * LEAST_SHARE)
    .map((row) => ({
      code: "log-incomplete",
      severity: "invalid",
      text: `Odoo's log holds ${row.logged} of the ${row.sent} requests that k6 sent to the ${row.arm}`,
      remedy: "Run again. Do not move the log during a run, and look at the failures of the odoo probe in run.json.",
    }));
}

/** Names arms whose CPU time cannot be compared with requests, so that the mix of transactions is noise in it. */
async function unexpectedWork(database: Database, { readings, requests }: LogTables): Promise<ValidityFact[]> {
  const rows = await database.rows(
    sql`with used as (
      select distinct run, arm from ${readings} where name in ('odoo_cpu_ms', 'postgres_cpu_ms') and arm is not null),
    logged as (select distinct run, arm from ${requests} where name = 'request_python_ms' and step is not null)
    select distinct arm from used anti join logged using (run, arm) order by arm`,
    { arm },
  );
  if (rows.length === 0) return [];
  const arms = rows.map((row) => `the ${row.arm}`).join(" and ");
  return [
    {
      code: "work-unweighed",
      severity: "info",
      text: `without an Odoo log, the CPU time of ${arms} cannot be assigned to requests, so the mix of transactions is noise in it`,
      remedy: "Name the Odoo log of each arm in the target.",
    },
  ];
}
