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
