import { existsSync } from "node:fs";

import { type Database, sqlPath, sqlText } from "../files/database.ts";
import type { BundlePaths } from "./paths.ts";

/** emptyReadings is the SQL of a readings relation without rows; its columns are those of domain/reading.ts. */
const emptyReadings = `select 0::DOUBLE as "timeMs", ''::VARCHAR as arm, ''::VARCHAR as probe, ''::VARCHAR as name,
  MAP {}::MAP(VARCHAR, VARCHAR) as labels, 0::DOUBLE as value where false`;

const COLUMNS = `columns={timeMs: 'DOUBLE', arm: 'VARCHAR', probe: 'VARCHAR', name: 'VARCHAR',
  labels: 'MAP(VARCHAR, VARCHAR)', value: 'DOUBLE'}`;

/** readingsRelation is the SQL of a bundle's readings, also of one whose run did not end. */
export function readingsRelation(paths: BundlePaths): string {
  if (existsSync(paths.readings)) return `read_parquet(${sqlPath(paths.readings)})`;
  if (!existsSync(paths.readingsPart)) return `(${emptyReadings})`;
  // A killed harness may leave half a last line, which reads as a row of nulls.
  return `(select * from read_json(${sqlPath(paths.readingsPart)}, format='newline_delimited', ignore_errors=true, ${COLUMNS})
    where name is not null and "timeMs" is not null and value is not null)`;
}

/** writeReadings writes `readings.parquet` from the lines that came in during the run. */
export async function writeReadings(database: Database, paths: BundlePaths): Promise<void> {
  const sorted = `select * from ${readingsRelation(paths)} order by "timeMs", probe, name, arm, labels::VARCHAR`;
  await database.run(`copy (${sorted}) to ${sqlText(paths.readings)} (format parquet, compression zstd)`);
}
