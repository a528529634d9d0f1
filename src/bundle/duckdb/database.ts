import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BIGINT, type DuckDBConnection, DuckDBInstance, type DuckDBType, DOUBLE, INTEGER, VARCHAR } from "@duckdb/node-api";

import { type Arm, ARMS } from "../../domain/arm.ts";
import { columnName, joined, literal, render, type Rendered, Sql, sql, Table, type Value } from "./sql.ts";

/** Column turns one cell of a result into a value of a known type. */
export type Column<Item> = (cell: unknown) => Item;

type Shape = Readonly<Record<string, Column<unknown>>>;
type RowOf<Columns extends Shape> = { readonly [Name in keyof Columns]: ReturnType<Columns[Name]> };

/** ColumnTypes are the DuckDB types of a table's columns, by name. */
type ColumnTypes = Readonly<Record<string, "INTEGER" | "DOUBLE" | "VARCHAR" | "BOOLEAN" | "DOUBLE[]" | "MAP(VARCHAR, VARCHAR)">>;

/** Database is an in-memory DuckDB for one piece of work. */
export interface Database {
  run(statement: Sql): Promise<void>;
  /** Creates a temp table from the rows of a query. */
  table<Name extends string>(name: Name, query: Sql): Promise<Table<Name>>;
  /** Creates a temp table with the given columns and rows. */
  tableOf<Name extends string>(name: Name, columns: ColumnTypes, rows: readonly (readonly Value[])[]): Promise<Table<Name>>;
  /** Adds the rows of a query to a table; columns are matched by name. */
  append(table: Table, query: Sql): Promise<void>;
  /** Frees the memory of a table that is not read again. */
  drop(table: Table): Promise<void>;
  /** Reads the rows of a query. A column `clientMs` is read from the SQL column `client_ms`. */
  rows<Columns extends Shape>(query: Sql, columns: Columns): Promise<readonly RowOf<Columns>[]>;
  /** Writes the rows of a query to a Parquet file. */
  writeParquet(path: string, query: Sql): Promise<void>;
}

/** Enough for every bundle; DuckDB spills the rest to disk. */
const MEMORY = "512MiB";

/** withDatabase opens a DuckDB for `work`, and removes the database and its files afterwards. */
export async function withDatabase<Result>(work: (database: Database) => Promise<Result>, memory = MEMORY): Promise<Result> {
  const spill = await mkdtemp(join(tmpdir(), "peakproof-duckdb-"));
  // The setting stops DuckDB from looking on the network for extensions; the extensions that are needed are built in.
  const settings = { memory_limit: memory, temp_directory: spill, autoinstall_known_extensions: "false" };
  const instance = await DuckDBInstance.create(":memory:", settings);
  const connection = await instance.connect();
  try {
    return await work(databaseOn(connection));
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(spill, { recursive: true, force: true });
  }
}

function databaseOn(connection: DuckDBConnection): Database {
  let tables = 0;
  const run = async (statement: Sql): Promise<void> => {
    const { text: query, values, types } = prepared(statement);
    await (values.length === 0 ? connection.run(query) : connection.run(query, values, types));
  };
  const table = async <Name extends string>(name: Name, query: Sql): Promise<Table<Name>> => {
    tables += 1;
    const made = new Table(name, `${name}_${tables}`);
    await run(sql`create temp table ${made} as ${query}`);
    return made;
  };
  return {
    run,
    table,
    tableOf: (name, columns, rows) => table(name, rowsOf(columns, rows)),
    append: (into, query) => run(sql`insert into ${into} by name ${query}`),
    drop: (unused) => run(sql`drop table ${unused}`),
    rows: async (query, columns) => {
      const { text: asked, values, types } = prepared(query);
      const answer = await (values.length === 0
        ? connection.runAndReadAll(asked)
        : connection.runAndReadAll(asked, values, types));
      const read = Object.entries(columns).map(([name, column]) => ({ name, column, from: snakeCase(name) }));
      return answer.getRowObjectsJS().map((row) => readRow<typeof columns>(row, read));
    },
    writeParquet: (path, query) => run(sql`copy (${query}) to ${literal(path)} (format parquet, compression zstd)`),
  };
}

function prepared(query: Sql): { text: string; values: (string | number)[]; types: DuckDBType[] } {
  const rendered: Rendered = render(query);
  return { text: rendered.text, values: [...rendered.values], types: rendered.values.map(typeOf) };
}

/** The types that DuckDB gives to literals, except that fractions are no decimals. */
function typeOf(value: string | number): DuckDBType {
  if (typeof value === "string") return VARCHAR;
  if (!Number.isSafeInteger(value)) return DOUBLE;
  return Math.abs(value) < 2 ** 31 ? INTEGER : BIGINT;
}

function rowsOf(columns: ColumnTypes, rows: readonly (readonly Value[])[]): Sql {
  const typed = (cell: (name: string, index: number) => Sql) =>
    joined(
      Object.entries(columns).map(
        ([name, type], index) => sql`cast(${cell(name, index)} as ${new Sql([type])}) as ${columnName(name)}`,
      ),
    );
  if (rows.length === 0) return sql`select ${typed(() => sql`null`)} where false`;
  const places = joined(Object.keys(columns).map((_, index) => new Sql([`c${index}`])));
  const cells = joined(rows.map((row) => sql`${row}`));
  return sql`select ${typed((_, index) => new Sql([`c${index}`]))} from (values ${cells}) v(${places})`;
}

function readRow<Columns extends Shape>(
  row: Readonly<Record<string, unknown>>,
  columns: readonly { readonly name: string; readonly column: Column<unknown>; readonly from: string }[],
): RowOf<Columns> {
  const read = columns.map(({ name, column, from }) => [name, column(row[from])] as const);
  // Each cell was read by the function of its column; fromEntries cannot express that in its type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(read) as RowOf<Columns>;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** number reads a number of any SQL type. */
export const number: Column<number> = (cell) => {
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell === "number") return cell;
  throw new TypeError(`DuckDB returned ${typeof cell} where a number was expected`);
};

export const text: Column<string> = (cell) => {
  if (typeof cell === "string") return cell;
  throw new TypeError(`DuckDB returned ${typeof cell} where text was expected`);
};

/** arm reads the name of an arm. */
export const arm: Column<Arm> = (cell) => {
  const found = ARMS.find((one) => one === cell);
  if (found !== undefined) return found;
  throw new TypeError(`DuckDB returned ${String(cell)} where an arm was expected`);
};

export const numbers: Column<readonly number[]> = (cell) => (Array.isArray(cell) ? cell.map((item) => number(item)) : []);

/** labels reads a map of texts. */
export const labels: Column<Readonly<Record<string, string>>> = (cell) => {
  if (!Array.isArray(cell)) throw new TypeError(`DuckDB returned ${typeof cell} where a map was expected`);
  return Object.fromEntries(cell.map(({ key, value }: { key: unknown; value: unknown }) => [text(key), text(value)]));
};

/** orNull reads a column that may hold null. */
export function orNull<Item>(column: Column<Item>): Column<Item | null> {
  return (cell) => (cell === null ? null : column(cell));
}
