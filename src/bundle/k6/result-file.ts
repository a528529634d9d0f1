import { readFirstLine } from "../../files/lines.ts";
import { columnName, inputFile, joined, literal, type Sql, sql } from "../duckdb/sql.ts";
import { csvRelation, openK6Csv, tagExpression } from "./csv.ts";

/** SampleFile is a file of k6 samples in any format, as SQL. */
export interface SampleFile {
  readonly kind: "csv" | "ndjson";
  readonly path: string;
  readonly gzip: boolean;
  /** Relation of the rows: `metric_name`, `timestamp` (text), `metric_value`, the `columns` and the column `rest`. */
  readonly relation: Sql;
  /** Tags that have a column. */
  readonly columns: readonly string[];
  /** The column of all other tags. */
  readonly rest: Sql;
  /** An expression that has the same value for the same tags: k6 writes the tags of `rest` in any order. */
  readonly sortedRest: Sql;
  /** SQL of one tag's value; null where a sample lacks the tag. */
  readonly tag: (name: string) => Sql;
  /** Tags that samples of the file can have, as SQL of a list of names. */
  readonly tagNames: Sql;
}

/** SummaryFile is the output of `--summary-export` or `handleSummary`: counts without samples. */
export interface SummaryFile {
  readonly kind: "summary";
  readonly path: string;
}

/** Tags that are read as columns from NDJSON, which has none. They distinguish requests that end at the same time. */
const NDJSON_COLUMNS = ["name", "method", "scenario", "group", "status", "expected_response"];

/** openResultFile determines the kind of a k6 result file from the file's first line. */
export async function openResultFile(path: string): Promise<SampleFile | SummaryFile> {
  const first = await readFirstLine(path);
  if (first?.startsWith("{") !== true) return openCsv(path);
  return isSample(first) ? openNdjson(path) : { kind: "summary", path };
}

async function openCsv(path: string): Promise<SampleFile> {
  const csv = await openK6Csv(path);
  const own = csv.columns.filter(
    (name) => !["metric_name", "timestamp", "metric_value", "extra_tags", "metadata"].includes(name),
  );
  return {
    kind: "csv",
    path,
    gzip: csv.gzip,
    relation: csvRelation(csv),
    columns: own,
    rest: columnName("extra_tags"),
    sortedRest: sql`array_to_string(list_sort(string_split(extra_tags, '&')), '&')`,
    tag: (name) => tagExpression(csv, name),
    tagNames: sql`list_concat([${joined(own.map((name) => literal(name)))}]::VARCHAR[],
      regexp_extract_all(extra_tags, '(?:^|&)([^=&]+)=', 1))`,
  };
}

function openNdjson(path: string): SampleFile {
  const gzip = path.endsWith(".gz");
  const tags = joined(NDJSON_COLUMNS.map((name) => sql`data.tags[${literal(name)}] as ${columnName(name)}`));
  const columns = sql`{metric: 'VARCHAR', type: 'VARCHAR', data: 'STRUCT("time" VARCHAR, value DOUBLE, tags MAP(VARCHAR, VARCHAR))'}`;
  const format = sql`format='newline_delimited', compression=${literal(gzip ? "gzip" : "uncompressed")}`;
  return {
    kind: "ndjson",
    path,
    gzip,
    relation: sql`(select metric as metric_name, data."time" as timestamp, data.value as metric_value,
        data.tags as tags, ${tags}
      from read_json(${inputFile(path)}, ${format}, columns=${columns}) where type = 'Point')`,
    columns: NDJSON_COLUMNS,
    rest: columnName("tags"),
    sortedRest: columnName("tags"),
    tag: (name) => sql`nullif(${NDJSON_COLUMNS.includes(name) ? columnName(name) : sql`tags[${literal(name)}]`}, '')`,
    tagNames: sql`map_keys(tags)`,
  };
}

/** k6's NDJSON begins with the description of a metric, and every line has a type. A summary has none. */
function isSample(line: string): boolean {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null && "type" in parsed && "metric" in parsed;
  } catch {
    // A summary spans several lines, so its first line is not JSON.
    return line.includes('"type":"') && line.includes('"metric":"');
  }
}
