import { existsSync } from "node:fs";

import { type Database, number } from "../duckdb/database.ts";
import { inputFile, parquetFile, type Sql, sql } from "../duckdb/sql.ts";
import type { BundlePaths } from "./paths.ts";

/** The columns of a readings relation without rows are those of domain/reading.ts. */
const emptyReadings = sql`select 0::DOUBLE as "timeMs", ''::VARCHAR as arm, ''::VARCHAR as probe, ''::VARCHAR as name,
  MAP {}::MAP(VARCHAR, VARCHAR) as labels, 0::DOUBLE as value where false`;

const COLUMNS = sql`columns={timeMs: 'DOUBLE', arm: 'VARCHAR', probe: 'VARCHAR', name: 'VARCHAR',
  labels: 'MAP(VARCHAR, VARCHAR)', value: 'DOUBLE'}`;

/** readingsRelation is the relation of a bundle's readings, also of a bundle whose run did not end. */
export function readingsRelation(paths: BundlePaths): Sql {
  if (existsSync(paths.readings)) return parquetFile(paths.readings);
  if (!existsSync(paths.readingsPart)) return sql`(${emptyReadings})`;
  // A killed harness may leave an incomplete last line, which is read as a row of nulls.
  return sql`(select * from read_json(${inputFile(paths.readingsPart)}, format='newline_delimited', ignore_errors=true, ${COLUMNS})
    where name is not null and "timeMs" is not null and value is not null)`;
}

/** writeReadings writes `readings.parquet` from the lines that were appended during the run. */
export async function writeReadings(database: Database, paths: BundlePaths): Promise<void> {
  const relation = readingsRelation(paths);
  await database.writeParquet(
    paths.readings,
    sql`select * from ${relation} order by "timeMs", probe, name, arm, labels::VARCHAR`,
  );
}

/** countReadings counts the readings of a bundle. */
export async function countReadings(database: Database, paths: BundlePaths): Promise<number> {
  const [row] = await database.rows(sql`select count(*) as readings from ${readingsRelation(paths)}`, { readings: number });
  return row?.readings ?? 0;
}
