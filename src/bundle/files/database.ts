import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

/** Column turns one cell of an answer into a value of a known type. */
export type Column<Value> = (cell: unknown) => Value;

type Shape = Readonly<Record<string, Column<unknown>>>;
type RowOf<Columns extends Shape> = { readonly [Name in keyof Columns]: ReturnType<Columns[Name]> };

/** Database is a DuckDB of its own in memory, which lives for one piece of work. */
export interface Database {
  run(sql: string): Promise<void>;
  rows<Columns extends Shape>(sql: string, columns: Columns): Promise<readonly RowOf<Columns>[]>;
}

/** Enough for every bundle; what does not fit is spilled to disk. */
const MEMORY = "512MiB";

/** withDatabase opens a DuckDB for `work` and leaves nothing of it behind. */
export async function withDatabase<Result>(work: (database: Database) => Promise<Result>, memory = MEMORY): Promise<Result> {
  const spill = await mkdtemp(join(tmpdir(), "peakproof-duckdb-"));
  // The setting stops DuckDB from looking on the network for extensions: those that are needed are built in.
  const settings = { memory_limit: memory, temp_directory: spill, autoinstall_known_extensions: "false" };
  const instance = await DuckDBInstance.create(":memory:", settings);
  const connection = await instance.connect();
  try {
    return await work({
      run: async (sql) => {
        await connection.run(sql);
      },
      rows: async (sql, columns) => {
        const answer = await connection.runAndReadAll(sql);
        return answer.getRowObjectsJS().map((row) => readRow(row, columns));
      },
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(spill, { recursive: true, force: true });
  }
}

function readRow<Columns extends Shape>(row: Readonly<Record<string, unknown>>, columns: Columns): RowOf<Columns> {
  const read = Object.entries(columns).map(([name, column]) => [name, column(row[name])] as const);
  // Each column was read by its own function just now; fromEntries cannot know the names.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(read) as RowOf<Columns>;
}

export const number: Column<number> = (cell) => {
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell === "number") return cell;
  throw new TypeError(`DuckDB answered ${typeof cell} where a number was expected`);
};

export const text: Column<string> = (cell) => {
  if (typeof cell === "string") return cell;
  throw new TypeError(`DuckDB answered ${typeof cell} where text was expected`);
};

export const numberOrNull: Column<number | null> = (cell) => (cell === null ? null : number(cell));

export const textOrNull: Column<string | null> = (cell) => (cell === null ? null : text(cell));

export const numbers: Column<readonly number[]> = (cell) => (Array.isArray(cell) ? cell.map((item) => number(item)) : []);

/** sqlText quotes a value as SQL text. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** sqlName quotes a column name. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** sqlPath quotes a file name for DuckDB's readers, which would take `*`, `?` and `[` in it for patterns. */
export function sqlPath(path: string): string {
  return sqlText(path.replaceAll(/[*?[]/g, "[$&]"));
}

/** sqlArms keeps a column to the two arms: any other word means that no arm is known. */
export function sqlArms(expression: string): string {
  return `case when ${expression} in ('baseline', 'candidate') then ${expression} end`;
}
