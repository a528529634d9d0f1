import type { Arm } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import { fromZero, type Growth, growth, observe, sampleAndClose } from "../sampling/readings.ts";
import { openPostgresSession, type PostgresCluster } from "./connection.ts";
import { normaliseStatement } from "./normalise-statement.ts";

/** Blocks that a statement has used: from memory, from the disk, and temporary ones. */
const BLOCKS = `s.shared_blks_hit + s.shared_blks_read + s.local_blks_hit + s.local_blks_read
    + s.temp_blks_read + s.temp_blks_written`;

/**
 * statementsProbe reads pg_stat_statements: sums of each arm's database on every tick, single statements before and after the
 * load.
 */
export function statementsProbe(cluster: PostgresCluster, options: { everyMs: number }): Probe {
  const session = openPostgresSession(cluster.dsn);
  const databases = [...cluster.arms.keys()];
  const complete = fromZero();
  const totalsOf = statementTotals();
  let schema: string | null = null;

  async function extensionSchema(): Promise<string> {
    schema ??= (await session.query<StatementExtensionRow>(statementExtensionSql))[0]?.schema ?? null;
    if (schema === null) throw new Error("pg_stat_statements does not exist in this database");
    return schema;
  }

  async function totals(): Promise<readonly Reading[]> {
    const sql = statementTotalsSql(await session.version(), await extensionSchema());
    const rows = await session.query<StatementTotalsRow>(sql, [databases, cluster.roles]);
    const timeMs = Date.now();
    return rows.flatMap((row) =>
      observe({ timeMs, arm: cluster.arms.get(row.database) ?? null, probe: "postgres" }, totalsOf(row)),
    );
  }

  async function texts(): Promise<readonly Reading[]> {
    const sql = statementTextsSql(await session.version(), await extensionSchema());
    const rows = await session.query<StatementTextsRow>(sql, [databases, cluster.roles]);
    return complete(statementReadings(rows, cluster.arms, Date.now()));
  }

  return {
    name: `${cluster.name}-statements`,
    everyMs: options.everyMs,
    start: async () => [...(await texts()), ...(await totals())],
    sample: totals,
    stop: () => sampleAndClose(async () => [...(await totals()), ...(await texts())], session),
  };
}

/** statementReadings sums the entries with the same normalised text. The server keeps one entry for each length of a list. */
export function statementReadings(
  rows: readonly StatementTextsRow[],
  arms: ReadonlyMap<string, Arm>,
  timeMs: number,
): readonly Reading[] {
  const uses = new Map<Arm, Map<string, Use>>();
  for (const row of rows) {
    const arm = arms.get(row.database);
    if (arm === undefined) continue;
    const ofArm = uses.get(arm) ?? new Map<string, Use>();
    uses.set(arm, ofArm);
    const statement = normaliseStatement(row.text);
    ofArm.set(statement, add(ofArm.get(statement) ?? NOTHING, row));
  }
  return [...uses].flatMap(([arm, ofArm]) =>
    [...ofArm].flatMap(([statement, use]) =>
      observe(
        { timeMs, arm, probe: "postgres", labels: { statement } },
        {
          statement_calls: use.calls,
          statement_exec_ms: use.exec_ms,
          statement_rows: use.rows,
          statement_blocks: use.blocks,
          statement_wal_bytes: use.wal_bytes,
        },
      ),
    ),
  );
}

/**
 * statementTotals turns the sums over pg_stat_statements into counters, from zero at the first reading. The sums fall when the
 * server is out of entries and drops the least used statements; `statement_evictions` counts that.
 */
export function statementTotals(): (row: StatementTotalsRow) => Readonly<Record<string, number>> {
  const books = new Map<string, Growth>();
  const evictions = new Map<string, { entries: number; count: number }>();

  return (row) => {
    const { database, entries } = row;
    const grown = (name: string, value: number): number => {
      const key = `${database} ${name}`;
      const book = books.get(key) ?? growth();
      books.set(key, book);
      return book.next(value);
    };
    const before = evictions.get(database) ?? { entries, count: 0 };
    const count = before.count + (entries < before.entries ? 1 : 0);
    evictions.set(database, { entries, count });
    return {
      statements_total: grown("statements", row.statements),
      exec_ms_total: grown("exec_ms", row.exec_ms),
      rows_total: grown("rows", row.rows),
      blocks_total: grown("blocks", row.blocks),
      wal_bytes_total: grown("wal_bytes", row.wal_bytes),
      statement_entries: entries,
      statement_evictions: count,
    };
  };
}

type Use = Omit<StatementTextsRow, "database" | "text">;

const NOTHING: Use = { calls: 0, exec_ms: 0, rows: 0, blocks: 0, wal_bytes: 0 };

function add(left: Use, right: Use): Use {
  return {
    calls: left.calls + right.calls,
    exec_ms: left.exec_ms + right.exec_ms,
    rows: left.rows + right.rows,
    blocks: left.blocks + right.blocks,
    wal_bytes: left.wal_bytes + right.wal_bytes,
  };
}

/** StatementTextsRow is one entry of pg_stat_statements with its text. */
export interface StatementTextsRow {
  readonly database: string;
  readonly text: string;
  readonly calls: number;
  readonly exec_ms: number;
  readonly rows: number;
  readonly blocks: number;
  readonly wal_bytes: number;
}

/**
 * statementTextsSql runs twice, before and after the load, because the server reads its file of texts for it. $2 are the
 * harness's roles.
 */
function statementTextsSql(version: number, schema: string): string {
  return `
select d.datname as database, s.query as text,
  s.calls::float8 as calls,
  s.total_exec_time::float8 as exec_ms,
  s.rows::float8 as rows,
  (${BLOCKS})::float8 as blocks,
  s.wal_bytes::float8 as wal_bytes
from ${schema}.pg_stat_statements(true) s
join pg_database d on d.oid = s.dbid
where d.datname = any($1) and s.query is not null and ${isOdooStatement(version)}`;
}

/** StatementTotalsRow sums the entries of one database in pg_stat_statements, without the probe's own role. Zeros: no entries. */
export interface StatementTotalsRow {
  readonly database: string;
  readonly entries: number;
  readonly statements: number;
  readonly exec_ms: number;
  readonly rows: number;
  readonly blocks: number;
  readonly wal_bytes: number;
}

/** statementTotalsSql does not read the query texts (`showtext` false), which are in a file that would be read each time. */
function statementTotalsSql(version: number, schema: string): string {
  return `
select d.datname as database,
  count(s.dbid)::float8 as entries,
  coalesce(sum(s.calls), 0)::float8 as statements,
  coalesce(sum(s.total_exec_time), 0)::float8 as exec_ms,
  coalesce(sum(s.rows), 0)::float8 as rows,
  coalesce(sum(${BLOCKS}), 0)::float8 as blocks,
  coalesce(sum(s.wal_bytes), 0)::float8 as wal_bytes
from pg_database d
left join ${schema}.pg_stat_statements(false) s on s.dbid = d.oid
  and ${isOdooStatement(version)}
where d.datname = any($1)
group by 1`;
}

/**
 * isOdooStatement is the condition for entries `s` of database `d` that are not the harness's own. $2 are the names of the
 * harness's roles; a role that owns the database is also Odoo's, so its entries are included. From 14 on, statements inside
 * functions are separate entries and are excluded, because the time of their callers includes them.
 */
function isOdooStatement(version: number): string {
  const isTopLevel = version >= 140_000 ? "\n  and s.toplevel" : "";
  return `s.userid <> (select oid from pg_roles where rolname = current_user)
  and (s.userid = d.datdba or s.userid <> all (array(select oid from pg_roles where rolname = any($2))))${isTopLevel}`;
}

/** StatementExtensionRow is the schema of pg_stat_statements in this database. No row: the extension does not exist. */
export interface StatementExtensionRow {
  /** Quoted as an identifier. */
  readonly schema: string;
}

export const statementExtensionSql = `
select quote_ident(n.nspname) as schema
from pg_extension e join pg_namespace n on n.oid = e.extnamespace
where e.extname = 'pg_stat_statements'`;
