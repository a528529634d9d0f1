import { readFirstLine } from "../../files/lines.ts";
import { sqlName, sqlPath, sqlText } from "../files/database.ts";
import { csvRelation, openK6Csv, tagExpression } from "./csv.ts";

/** SampleFile is a file of k6 samples, whatever its format, as SQL. */
export interface SampleFile {
  readonly kind: "csv" | "ndjson";
  readonly path: string;
  readonly gzip: boolean;
  /** SQL of the rows: `metric_name`, `timestamp` (text), `metric_value`, the `columns` and the column `rest`. */
  readonly relation: string;
  /** Tags that have a column of their own. */
  readonly columns: readonly string[];
  /** The column of all other tags, and SQL that gives it the same value for the same tags: k6 writes them in any order. */
  readonly rest: string;
  readonly sortedRest: string;
  /** SQL of one tag's value; null where a sample has no such tag. */
  readonly tag: (name: string) => string;
  /** Tags that samples of the file can have, as SQL of a list of names. */
  readonly tagNames: string;
}

/** SummaryFile is what `--summary-export` or `handleSummary` wrote: counts without samples. */
export interface SummaryFile {
  readonly kind: "summary";
  readonly path: string;
}

/** Tags that are asked of every sample. NDJSON has no columns; these tell requests apart that end at the same time. */
const NDJSON_COLUMNS = ["name", "method", "scenario", "group", "status", "expected_response"];

/** openResultFile finds out by its first line what kind of k6 result a file is. */
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
    rest: "extra_tags",
    sortedRest: "array_to_string(list_sort(string_split(extra_tags, '&')), '&')",
    tag: (name) => tagExpression(csv, name),
    tagNames: `list_concat([${own.map((name) => sqlText(name)).join(", ")}]::VARCHAR[],
      regexp_extract_all(extra_tags, '(?:^|&)([^=&]+)=', 1))`,
  };
}

function openNdjson(path: string): SampleFile {
  const gzip = path.endsWith(".gz");
  const tags = NDJSON_COLUMNS.map((name) => `data.tags[${sqlText(name)}] as ${sqlName(name)}`).join(", ");
  const columns = `{metric: 'VARCHAR', type: 'VARCHAR', data: 'STRUCT("time" VARCHAR, value DOUBLE, tags MAP(VARCHAR, VARCHAR))'}`;
  const format = `format='newline_delimited', compression='${gzip ? "gzip" : "uncompressed"}'`;
  return {
    kind: "ndjson",
    path,
    gzip,
    relation: `(select metric as metric_name, data."time" as timestamp, data.value as metric_value,
        data.tags as tags, ${tags}
      from read_json(${sqlPath(path)}, ${format}, columns=${columns}) where type = 'Point')`,
    columns: NDJSON_COLUMNS,
    rest: "tags",
    sortedRest: "tags",
    tag: (name) => `nullif(${NDJSON_COLUMNS.includes(name) ? sqlName(name) : `tags[${sqlText(name)}]`}, '')`,
    tagNames: "map_keys(tags)",
  };
}

/** k6 begins its NDJSON with the description of a metric, and every line has a type; a summary has none. */
function isSample(line: string): boolean {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null && "type" in parsed && "metric" in parsed;
  } catch {
    // A summary is written over several lines, so its first one is no JSON.
    return line.includes('"type":"') && line.includes('"metric":"');
  }
}
