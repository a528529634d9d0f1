import { arm, type Database, number, orNull, text } from "../../bundle/duckdb/database.ts";
import { columnName, joined, type Sql, sql } from "../../bundle/duckdb/sql.ts";
import { ARMS } from "../../domain/arm.ts";
import type { StatementUse } from "../../domain/judgement/causes.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { scenarioUnit } from "../../domain/load/scenario-unit.ts";
import type { EvidenceTables } from "../frame/tables.ts";

/** Statements that are kept of each of three orders: difference in calls, difference in time, and total time. */
const MOST_STATEMENTS = 300;

/**
 * readStatementUses takes the difference between the first and the last reading of pg_stat_statements in each run. A statement
 * that is not in the first reading began at zero; a statement that fell was evicted and came back.
 *
 * Texts with the same words in another order are one statement: Odoo writes columns and conditions in the order of Python's sets,
 * which differs between servers, so that the same SELECT would be new in one arm and absent from the other.
 */
export async function readStatementUses(
  database: Database,
  { readings }: Pick<EvidenceTables, "readings">,
): Promise<readonly StatementUse[]> {
  return database.rows(
    sql`with read as (
      select run, arm, name, labels['statement'] as text, at_ms, value from ${readings}
      where name like 'statement\\_%' escape '\\' and map_contains(labels, 'statement') and arm is not null),
    texts as (
      select text, min(text) over (partition by list_sort(string_split_regex(text, '[\\s,()]+'))) as statement
      from (select distinct text from read)),
    observed as (
      select run, arm, name, statement, at_ms, sum(value order by value) as value from read join texts using (text) group by all),
    ends as (select run, arm, min(at_ms) as first_ms, max(at_ms) as last_ms from observed group by all having first_ms < last_ms),
    used as (
      select arm, statement, name, sum(growth order by growth) as used from (
        select arm, statement, name, greatest(0, if(last >= first, last - first, last)) as growth from (
        select o.run, o.arm, o.statement, o.name, coalesce(sum(o.value) filter (o.at_ms = e.first_ms), 0) as first,
          coalesce(sum(o.value) filter (o.at_ms = e.last_ms), 0) as last
        from observed o join ends e using (run, arm) group by all)) group by all),
    uses as (
      select arm, statement, ${joined(["calls", "exec_ms", "rows", "blocks", "wal_bytes"].map(columnOf))}
      from used group by all),
    ranked as (
      select statement, row_number() over (order by abs(sum(if(arm = 'candidate', calls, -calls))) desc, statement) as by_calls,
        row_number() over (order by abs(sum(if(arm = 'candidate', exec_ms, -exec_ms))) desc, statement) as by_difference,
        row_number() over (order by sum(exec_ms) desc, statement) as by_time
      from uses group by statement)
    select arm, statement, calls, exec_ms, rows, blocks, wal_bytes
    from uses join ranked using (statement)
    where calls > 0 and least(by_calls, by_difference, by_time) <= ${MOST_STATEMENTS} order by statement, arm`,
    { arm, statement: text, calls: number, execMs: number, rows: number, blocks: number, walBytes: number },
  );
}

/**
 * readCompleted counts the successful transactions of whole runs, warm-up included, as the statements are counted. Their time is
 * rounded, because the order in which a database adds up changes the last digits.
 */
export async function readCompleted(
  database: Database,
  { transactions }: Pick<EvidenceTables, "transactions">,
): Promise<Evidence["transactions"]> {
  const rows = await database.rows(
    sql`select arm, scenario, count(*) as count, round(sum(value), 3) as took from ${transactions}
    where outcome = 'ok' group by arm, scenario order by arm, scenario`,
    { arm, scenario: orNull(text), count: number, took: number },
  );
  return ARMS.flatMap((each) => {
    const own = rows.filter((row) => row.arm === each).map((row) => ({ ...row, ...scenarioUnit(row.scenario ?? "") }));
    const services = [...new Set(own.map(({ service }) => service))];
    return services.map((service) => {
      const rowsOfService = own.filter((row) => row.service === service);
      return {
        arm: each,
        service,
        count: rowsOfService.reduce((sum, row) => sum + row.count, 0),
        tookMs: rowsOfService.reduce((sum, row) => sum + row.took, 0),
      };
    });
  });
}

function columnOf(name: string): Sql {
  return sql`coalesce(sum(used) filter (name = ${`statement_${name}`}), 0) as ${columnName(name)}`;
}
