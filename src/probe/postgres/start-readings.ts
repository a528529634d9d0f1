import type { Reading } from "../../domain/reading.ts";
import { observe } from "../sampling/readings.ts";
import { openPostgresSession, type PostgresCluster, type PostgresSession } from "./connection.ts";

/** Tables whose row counts determine the cost of the scenarios. They are read even where they are small. */
const BUSINESS_TABLES = [
  "product_product",
  "product_template",
  "sale_order",
  "sale_order_line",
  "stock_move",
  "stock_move_line",
  "stock_picking",
  "stock_quant",
];

/** Number of largest tables that are read, in addition to the named tables. */
const LARGEST = 20;

/** COMPARED_SETTINGS change the cost of a statement or the resources that it has. None of them holds a secret. */
const COMPARED_SETTINGS = [
  "autovacuum",
  "autovacuum_max_workers",
  "autovacuum_naptime",
  "autovacuum_vacuum_cost_delay",
  "autovacuum_vacuum_cost_limit",
  "autovacuum_vacuum_scale_factor",
  "checkpoint_completion_target",
  "checkpoint_timeout",
  "commit_delay",
  "default_statistics_target",
  "effective_cache_size",
  "effective_io_concurrency",
  "fsync",
  "full_page_writes",
  "jit",
  "log_min_duration_statement",
  "log_statement",
  "maintenance_work_mem",
  "max_connections",
  "max_parallel_workers_per_gather",
  "max_wal_size",
  "pg_stat_statements.max",
  "pg_stat_statements.track",
  "random_page_cost",
  "server_version",
  "shared_buffers",
  "synchronous_commit",
  "temp_buffers",
  "track_io_timing",
  "wal_compression",
  "wal_level",
  "work_mem",
];

/**
 * settingReadings returns the settings of the server and of each arm's database. The setting is a label and the value is always
 * 1.
 */
export async function settingReadings(session: PostgresSession, cluster: PostgresCluster): Promise<readonly Reading[]> {
  const rows = await session.query<SettingRow>(serverSettingsSql, [COMPARED_SETTINGS, [...cluster.arms.keys()]]);
  const timeMs = Date.now();
  return rows.flatMap(({ database, name, setting }) => {
    const arm = (database === null ? null : cluster.arms.get(database)) ?? cluster.arm;
    return observe({ timeMs, arm, probe: "postgres", labels: { name, setting } }, { server_setting: 1 });
  });
}

/**
 * dataReadings returns the amount of data of each arm: bytes of its database, and rows of its largest and its business tables.
 */
export async function dataReadings(session: PostgresSession, cluster: PostgresCluster): Promise<readonly Reading[]> {
  const sizes = await session.query<DatabaseSizeRow>(databaseSizeSql, [[...cluster.arms.keys()]]);
  const timeMs = Date.now();
  const readings = sizes.flatMap(({ database, bytes }) =>
    observe({ timeMs, arm: cluster.arms.get(database) ?? null, probe: "postgres" }, { database_bytes: bytes }),
  );
  for (const { arm, database, dsn } of cluster.connections) {
    for (const { table, rows } of await tableRows(dsn, database)) {
      readings.push(...observe({ timeMs, arm, probe: "postgres", labels: { table } }, { live_rows: rows }));
    }
  }
  return readings;
}

/** tableRows returns nothing where the probe is connected to another database than its arm's. */
async function tableRows(dsn: string, database: string): Promise<readonly TableRowsRow[]> {
  const session = openPostgresSession(dsn);
  try {
    const rows = await session.query<TableRowsRow>(tableRowsSql, [BUSINESS_TABLES]);
    return rows.filter((row) => row.database === database);
  } finally {
    await session.close();
  }
}

/** SettingRow is one setting as SHOW prints it. The database is null for the whole server. */
interface SettingRow {
  readonly database: string | null;
  readonly name: string;
  readonly setting: string;
}

/** serverSettingsSql reads the server's settings, and the settings of the databases in $2 (`ALTER DATABASE ... SET`). */
const serverSettingsSql = `
select null as database, name, current_setting(name) as setting from pg_settings where name = any($1)
union all select d.datname, split_part(c.entry, '=', 1), substr(c.entry, strpos(c.entry, '=') + 1)
from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase cross join unnest(s.setconfig) c (entry)
where s.setrole = 0 and d.datname = any($2) and split_part(c.entry, '=', 1) = any($1)
union all select datname, 'collation', datcollate from pg_database where datname = any($2)
order by 1, 2`;

/** DatabaseSizeRow is the size of one database on disk. */
interface DatabaseSizeRow {
  readonly database: string;
  readonly bytes: number;
}

/** databaseSizeSql needs pg_monitor, or the right to connect to the databases. */
const databaseSizeSql = `
select datname as database, pg_database_size(oid)::float8 as bytes from pg_database where datname = any($1)`;

/** TableRowsRow is the number of rows of a table in the connected database, as far as the server knows it without counting. */
interface TableRowsRow {
  readonly database: string;
  readonly table: string;
  readonly rows: number;
}

/**
 * tableRowsSql needs no right to read the tables. Where the server has vacuumed or analysed a table since its statistics began,
 * its count of live rows is correct. In a fresh clone the statistics began with the clone and count only later changes, so the
 * estimate of the template is added. A table without either is left out.
 */
const tableRowsSql = `
with sized as (
  select c.relname, c.reltuples, c.relpages, s.n_live_tup, s.n_tup_ins, s.n_tup_del,
    coalesce(s.last_vacuum, s.last_autovacuum, s.last_analyze, s.last_autoanalyze) is not null as counted,
    row_number() over (order by c.relpages desc, c.relname) as place
  from pg_class c join pg_stat_user_tables s on s.relid = c.oid
  where c.relkind = 'r' and s.schemaname = 'public')
select current_database() as database, relname as table,
  (case when counted then n_live_tup else greatest(0, greatest(reltuples, 0) + n_tup_ins - n_tup_del) end)::float8 as rows
from sized
where (place <= ${LARGEST} or relname = any($1)) and (counted or reltuples > 0 or n_tup_ins > 0)`;
