import { HarnessError } from "../../domain/error.ts";
import { readFirstLine } from "../../files/lines.ts";
import { columnName, inputFile, joined, literal, type Sql, sql } from "../duckdb/sql.ts";

/** K6Csv is a file of `k6 --out csv` and its columns, which depend on the script's systemTags. */
export interface K6Csv {
  readonly path: string;
  readonly gzip: boolean;
  readonly columns: readonly string[];
}

/** Columns other than tags, in k6 0.41 and later. */
const FRAME = ["metric_name", "timestamp", "metric_value", "extra_tags", "metadata"];
/** Every system tag that k6 can write as a column (k6 2.2, `metrics.SystemTag`). */
const SYSTEM_TAGS: ReadonlySet<string> = new Set(
  (
    "check error error_code expected_response group ip iter method name ocsp_status " +
    "proto rpc_type scenario service status subproto tls_version url vu"
  ).split(" "),
);
const REMEDY = "Name a file that k6 0.41 or later wrote with --out csv=FILE, with its first line unchanged.";

/** openK6Csv reads and checks the header of a k6 CSV, plain or gzip. */
export async function openK6Csv(path: string): Promise<K6Csv> {
  const header = await readFirstLine(path);
  if (header === null) throw new HarnessError("usage", `${path}:1: the file is empty`, { hint: REMEDY });
  const columns = header.split(",");
  const missing = FRAME.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const found = `${header.slice(0, 120)}${header.length > 120 ? "..." : ""}`;
    throw new HarnessError("usage", `${path}:1: not the CSV of k6: no column ${missing.join(", ")} in the header "${found}"`, {
      hint: REMEDY,
    });
  }
  const unknown = columns.filter((name) => !FRAME.includes(name) && !SYSTEM_TAGS.has(name));
  const twice = columns.filter((name, index) => columns.indexOf(name) !== index);
  if (unknown.length > 0 || twice.length > 0) {
    const what = unknown.length > 0 ? `unknown column ${unknown.join(", ")}` : `column ${twice.join(", ")} twice`;
    throw new HarnessError("usage", `${path}:1: ${what} in the header: the file comes from another version of k6`, {
      hint: REMEDY,
    });
  }
  return { path, gzip: path.endsWith(".gz"), columns };
}

/** csvRelation is the relation of the file's rows, all columns as text. */
export function csvRelation(csv: K6Csv, path: string = csv.path): Sql {
  const columns = joined(csv.columns.map((name) => sql`${literal(name)}: 'VARCHAR'`));
  const compression = literal(csv.gzip ? "gzip" : "none");
  // k6 quotes as RFC 4180 says. DuckDB must not guess from the first rows: its guess could differ from file to file.
  const format = sql`auto_detect=false, header=true, delim=',', quote='"', escape='"', compression=${compression}`;
  return sql`read_csv(${inputFile(path)}, ${format}, columns={${columns}})`;
}

/** tagExpression is the SQL of one tag: a column where k6 gave the tag one, else a part of `extra_tags`. */
export function tagExpression(csv: K6Csv, tag: string): Sql {
  if (csv.columns.includes(tag) && !FRAME.includes(tag)) return sql`nullif(${columnName(tag)}, '')`;
  if (SYSTEM_TAGS.has(tag)) return sql`null::VARCHAR`;
  return partExpression("extra_tags", tag);
}

/**
 * metadataExpression is the SQL of one item of metadata. k6 keeps metadata apart from tags because metadata makes no time series.
 */
export function metadataExpression(name: string): Sql {
  return partExpression("metadata", name);
}

/** k6 joins extra tags, and metadata, as k=v&k=v and escapes nothing. */
function partExpression(column: "extra_tags" | "metadata", name: string): Sql {
  const pattern = literal(`(?:^|&)${name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}=([^&]*)`);
  const from = columnName(column);
  // Searching for the name is far cheaper than the pattern, and most files lack most tags.
  return sql`if(contains(${from}, ${literal(`${name}=`)}), nullif(regexp_extract(${from}, ${pattern}, 1), ''), null)`;
}

/**
 * K6Time is the format of a file's times. k6 has six (`K6_CSV_TIME_FORMAT`); its two RFC 3339 formats are read in the same way.
 */
export type K6Time = "unix" | "unix_milli" | "unix_micro" | "unix_nano" | "rfc3339";

/** Digits of a time between the years 2001 and 2286, and units in a millisecond. */
const EPOCHS: readonly { readonly format: K6Time; readonly digits: number; readonly perMs: number }[] = [
  { format: "unix", digits: 10, perMs: 0.001 },
  { format: "unix_milli", digits: 13, perMs: 1 },
  { format: "unix_micro", digits: 16, perMs: 1000 },
  { format: "unix_nano", digits: 19, perMs: 1_000_000 },
];

/** DuckDB's error at a time that is not in the format of the file. */
const WRONG_TIME = "peakproof: time in another format";

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** k6TimeOf is the format of a time; null where the text is no time of k6. */
export function k6TimeOf(text: string): K6Time | null {
  if (RFC3339.test(text)) return "rfc3339";
  return /^\d+$/.test(text) ? (EPOCHS.find(({ digits }) => digits === text.length)?.format ?? null) : null;
}

/** timeExpression is the SQL that turns a column of times into epoch milliseconds. */
export function timeExpression(format: K6Time, column: Sql): Sql {
  const epoch = EPOCHS.find((one) => one.format === format);
  if (epoch === undefined) return sql`epoch_us(${column}::TIMESTAMPTZ) / 1e3`;
  return sql`${column}::BIGINT / ${epoch.perMs}::DOUBLE`;
}

/** checkedCondition is the SQL of a condition that raises an error at every row whose time is in another format. */
export function checkedCondition(format: K6Time, column: Sql, condition: Sql): Sql {
  const digits = EPOCHS.find((one) => one.format === format)?.digits;
  // This check is cheap because it runs for every row. Rows that are kept are cast as well.
  const fits = digits === undefined ? sql`contains(${column}, 'T')` : sql`length(${column}) = ${digits} and ${column} < ':'`;
  return sql`if(${fits}, ${condition}, error(${WRONG_TIME}))`;
}

/**
 * isCoarse says whether times are whole seconds. Many requests share a second, so the parts of a request cannot be joined by
 * time.
 */
export function isCoarse(format: K6Time, first: string): boolean {
  return format === "unix" || (format === "rfc3339" && !first.includes("."));
}
