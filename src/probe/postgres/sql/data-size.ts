/** DatabaseSizeRow is the size of one database on disk. */
export interface DatabaseSizeRow {
  readonly database: string;
  readonly bytes: number;
}

/** databaseSizeSql needs pg_monitor, or the right to connect to the databases. */
export const databaseSizeSql = `
select datname as database, pg_database_size(oid)::float8 as bytes from pg_database where datname = any($1)`;

/** TableRowsRow is how many rows a table of the connected database holds, as well as the server knows without counting. */
export interface TableRowsRow {
  readonly database: string;
  readonly table: string;
  readonly rows: number;
}

/** So many of the largest tables are read, besides the ones that are named. */
const LARGEST = 20;

/**
 * tableRowsSql needs no right to read the tables. Where the server has vacuumed or analysed a table since its statistics began, its
 * count of live rows is right. In a fresh clone they began with the clone and know only what changed since: there the figure that
 * came with the template is added. A table of which neither is known is left out.
 */
export const tableRowsSql = `
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
