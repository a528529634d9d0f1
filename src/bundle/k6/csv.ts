import { HarnessError } from "../../domain/error.ts";
import { readFirstLine } from "../../files/lines.ts";
import { sqlName, sqlPath, sqlText } from "../files/database.ts";

/** K6Csv is a file of `k6 --out csv`, and the columns it has: they follow k6's systemTags and change from script to script. */
export interface K6Csv {
  readonly path: string;
  readonly gzip: boolean;
  readonly columns: readonly string[];
}

/** Columns around the tags, in k6 0.41 and later. */
const FRAME = ["metric_name", "timestamp", "metric_value", "extra_tags", "metadata"];
/** Every system tag that k6 can give a column of its own (k6 2.2, `metrics.SystemTag`). */
const SYSTEM_TAGS: ReadonlySet<string> = new Set(
  (
    "check error error_code expected_response group ip iter method name ocsp_status " +
    "proto rpc_type scenario service status subproto tls_version url vu"
  ).split(" "),
);
const REMEDY = "Name a file that k6 0.41 or later wrote with --out csv=FILE, with its first line unchanged.";

/** openK6Csv reads the header of a k6 CSV, plain or gzip, and makes sure that it is one. */
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

/** csvRelation is the SQL of the file's rows, all columns as text. */
export function csvRelation(csv: K6Csv, path: string = csv.path): string {
  const columns = csv.columns.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(", ");
  // k6 quotes as RFC 4180 does. Nothing is guessed: a guess from the first rows could differ from file to file.
  const format = `auto_detect=false, header=true, delim=',', quote='"', escape='"', compression='${csv.gzip ? "gzip" : "none"}'`;
  return `read_csv(${sqlPath(path)}, ${format}, columns={${columns}})`;
}

/** tagExpression is the SQL of one tag: a column of its own where k6 gave it one, else a part of `extra_tags`. */
export function tagExpression(csv: K6Csv, tag: string): string {
  if (csv.columns.includes(tag) && !FRAME.includes(tag)) return `nullif(${sqlName(tag)}, '')`;
  if (SYSTEM_TAGS.has(tag)) return "null::VARCHAR";
  return partExpression("extra_tags", tag);
}

/** metadataExpression is the SQL of one piece of metadata, which k6 keeps apart from tags because it makes no series. */
export function metadataExpression(name: string): string {
  return partExpression("metadata", name);
}

/** k6 joins extra tags, and metadata, as k=v&k=v and escapes nothing. */
function partExpression(column: "extra_tags" | "metadata", name: string): string {
  const pattern = `(?:^|&)${name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}=([^&]*)`;
  // Looking for the word is far cheaper than the pattern, and most files do not have most tags.
  return `if(contains(${column}, ${sqlText(`${name}=`)}), nullif(regexp_extract(${column}, ${sqlText(pattern)}, 1), ''), null)`;
}

/** K6Time is how a file writes its times: k6 has six formats (`K6_CSV_TIME_FORMAT`), and the two RFC 3339 ones read alike. */
export type K6Time = "unix" | "unix_milli" | "unix_micro" | "unix_nano" | "rfc3339";

/** Digits of a time between the years 2001 and 2286, and how many of the unit make a millisecond. */
const EPOCHS: readonly { readonly format: K6Time; readonly digits: number; readonly perMs: number }[] = [
  { format: "unix", digits: 10, perMs: 0.001 },
  { format: "unix_milli", digits: 13, perMs: 1 },
  { format: "unix_micro", digits: 16, perMs: 1000 },
  { format: "unix_nano", digits: 19, perMs: 1_000_000 },
];

/** What DuckDB says at a time that is not in the format of the file. */
const WRONG_TIME = "peakproof: time in another format";

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** k6TimeOf says in which format a time is written; null where it is none. */
export function k6TimeOf(text: string): K6Time | null {
  if (RFC3339.test(text)) return "rfc3339";
  return /^\d+$/.test(text) ? (EPOCHS.find(({ digits }) => digits === text.length)?.format ?? null) : null;
}

/** timeExpression is the SQL that turns a column of times into epoch milliseconds. */
export function timeExpression(format: K6Time, column: string): string {
  const epoch = EPOCHS.find((one) => one.format === format);
  return epoch === undefined ? `epoch_us(${column}::TIMESTAMPTZ) / 1e3` : `${column}::BIGINT / ${epoch.perMs}::DOUBLE`;
}

/** checkedCondition is the SQL of a condition that stops at any row whose time is in another format, whether it is met or not. */
export function checkedCondition(format: K6Time, column: string, condition: string): string {
  const digits = EPOCHS.find((one) => one.format === format)?.digits;
  // Cheap, since it is asked of every row; rows that are kept are cast besides.
  const fits = digits === undefined ? `contains(${column}, 'T')` : `length(${column}) = ${digits} and ${column} < ':'`;
  return `if(${fits}, ${condition}, error('${WRONG_TIME}'))`;
}

/** Whole seconds hold many requests: their parts can then not be put together again by their time. */
export function isCoarse(format: K6Time, first: string): boolean {
  return format === "unix" || (format === "rfc3339" && !first.includes("."));
}
