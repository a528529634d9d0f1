import { type Database, number, text, textOrNull } from "../../bundle/files/database.ts";
import { ARMS } from "../../domain/arm.ts";
import type { StatementUse } from "../../domain/judgement/causes.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { scenarioUnit } from "../../domain/load/scenario-unit.ts";

/** So many statements are handed on by each of three orders: calls apart, time apart, and time in all. */
const MOST_STATEMENTS = 300;

/**
 * readStatementUses takes the difference between the first and the last look at pg_stat_statements in each run. A statement
 * that is not in the first look began at zero; one that fell was evicted and came back.
 *
 * Texts of the same words in another order are one statement: Odoo writes columns and conditions in the order of Python's sets,
 * which differs between servers, so that the same SELECT would be new in one arm and gone from the other.
 */
export async function readStatementUses(database: Database): Promise<StatementUse[]> {
  const rows = await database.rows(
    `with read as (
      select run, side, name, labels['statement'] as text, at_ms, value from readings
      where name like 'statement\\_%' escape '\\' and map_contains(labels, 'statement') and side is not null),
    texts as (
      select text, min(text) over (partition by list_sort(string_split_regex(text, '[\\s,()]+'))) as statement
      from (select distinct text from read)),
    looks as (
      select run, side, name, statement, at_ms, sum(value) as value from read join texts using (text) group by all),
    ends as (select run, side, min(at_ms) as first_ms, max(at_ms) as last_ms from looks group by all having first_ms < last_ms),
    used as (
      select side, statement, name, sum(greatest(0, if(last >= first, last - first, last))) as used from (
        select l.run, l.side, l.statement, l.name, coalesce(sum(l.value) filter (l.at_ms = e.first_ms), 0) as first,
          coalesce(sum(l.value) filter (l.at_ms = e.last_ms), 0) as last
        from looks l join ends e using (run, side) group by all) group by all),
    uses as (
      select side, statement, ${["calls", "exec_ms", "rows", "blocks", "wal_bytes"].map(columnOf).join(", ")}
      from used group by all),
    ranked as (
      select statement, row_number() over (order by abs(sum(if(side = 'candidate', calls, -calls))) desc, statement) as by_calls,
        row_number() over (order by abs(sum(if(side = 'candidate', exec_ms, -exec_ms))) desc, statement) as by_difference,
        row_number() over (order by sum(exec_ms) desc, statement) as by_time
      from uses group by statement)
    select side, statement, calls, exec_ms as "execMs", rows, blocks, wal_bytes as "walBytes"
    from uses join ranked using (statement)
    where calls > 0 and least(by_calls, by_difference, by_time) <= ${MOST_STATEMENTS} order by statement, side`,
    { side: text, statement: text, calls: number, execMs: number, rows: number, blocks: number, walBytes: number },
  );
  return rows.flatMap(({ side, ...use }) => ARMS.filter((arm) => arm === side).map((arm) => ({ arm, ...use })));
}

/**
 * readCompleted counts the good transactions of whole runs, warm-up included, as the statements are counted. Their time is rounded, for
 * the order in which a database adds up reaches the last digits.
 */
export async function readCompleted(database: Database): Promise<Evidence["transactions"]> {
  const rows = await database.rows(
    `select side, scenario, count(*)::DOUBLE as count, round(sum(value), 3) as took from transactions
    where outcome = 'ok' group by side, scenario order by side, scenario`,
    { side: text, scenario: textOrNull, count: number, took: number },
  );
  return ARMS.flatMap((arm) => {
    const own = rows.filter(({ side }) => side === arm).map((row) => ({ ...row, ...scenarioUnit(row.scenario ?? "") }));
    const services = [...new Set(own.map(({ service }) => service))];
    return services.map((service) => {
      const rowsOfService = own.filter((row) => row.service === service);
      return {
        arm,
        service,
        count: rowsOfService.reduce((sum, row) => sum + row.count, 0),
        tookMs: rowsOfService.reduce((sum, row) => sum + row.took, 0),
      };
    });
  });
}

function columnOf(name: string): string {
  return `coalesce(sum(used) filter (name = 'statement_${name}'), 0) as ${name}`;
}
