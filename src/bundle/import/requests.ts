import { basename } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { normaliseRoute } from "../../odoo-log/route.ts";
import { type Database, sqlName, sqlText, text, textOrNull } from "../files/database.ts";
import { checkedCondition, isCoarse, k6TimeOf, timeExpression } from "../k6/csv.ts";
import { explainFault } from "../k6/file-faults.ts";
import type { SampleFile } from "../k6/result-file.ts";

/** Which value of which tag names the arm of a sample. */
export interface ArmTag {
  readonly tag: string;
  readonly baseline: string;
  readonly candidate: string;
}

/** What k6 does before the request goes out; `http_req_duration` leaves it out, the shopper does not. */
const WAITS = ["http_req_blocked", "http_req_connecting", "http_req_tls_handshaking"];

/** Columns that tell apart what happens at the same time, where a file has them. */
const GROUPED = ["name", "method", "scenario", "group", "status", "expected_response"];

/** createRequests makes the table that `loadRequests` fills: one row for what a file says at one moment with the same tags. */
export async function createRequests(database: Database): Promise<void> {
  await database.run(`create or replace temp table requests (file INTEGER, time_ms DOUBLE, arm VARCHAR, scenario VARCHAR,
    step VARCHAR, instance VARCHAR, outcome VARCHAR, setup BOOLEAN, durations DOUBLE[], waits DOUBLE,
    iterations DOUBLE, dropped DOUBLE)`);
  // The order of rows is that of time in the end; keeping that of the file would cost memory.
  await database.run("set preserve_insertion_order = false");
}

/**
 * loadRequests reads one file of samples in one pass.
 *
 * k6 gives the parts of a request one time and the same tags, so they are put together by these. Where a file has whole
 * seconds only, this cannot be done, and the duration alone is the latency.
 */
export async function loadRequests(
  database: Database,
  file: SampleFile,
  options: { index: number; stepTag: string; armTag: ArmTag | null; instance: string | null },
): Promise<void> {
  const { index, stepTag, armTag, instance } = options;
  const first = await firstTime(database, file);
  const format = k6TimeOf(first);
  if (format === null) throw new HarnessError("usage", `${file.path}:2: "${first}" is not a time of k6`, HINT);
  const coarse = isCoarse(format, first);
  const metrics = ["http_req_duration", "iterations", "dropped_iterations", ...(coarse ? [] : WAITS)];
  const wanted = `metric_name in (${metrics.map((name) => sqlText(name)).join(", ")})`;
  const asked = [...GROUPED, stepTag, ...(armTag === null ? [] : [armTag.tag])];
  const keys = [
    "timestamp",
    ...[...new Set(asked)].filter((name) => file.columns.includes(name)).map((name) => sqlName(name)),
  ].join(", ");
  // Two requests never end in the same nanosecond: then tags need to be taken apart once for each request, not for each sample.
  const exact = format === "unix_nano" || file.kind === "ndjson";
  const [rest, key] = exact ? [`any_value(${file.rest}) as ${file.rest}`, ""] : [file.rest, `, ${file.rest}`];
  const sql = `insert into requests by name
    select ${index} as file, ${timeExpression(format, "timestamp")} as time_ms, ${armExpression(file, armTag)} as arm,
      ${file.tag("scenario")} as scenario, ${file.tag(stepTag)} as step, ${instanceExpression(file, instance)} as instance,
      ${outcomeExpression(file)} as outcome, coalesce(${file.tag("group")} in ('::setup', '::teardown'), false) as setup,
      coalesce(durations, []) as durations, waits, iterations, dropped
    from (
      select ${keys}, ${rest}, list(v) filter (metric_name = 'http_req_duration') as durations,
        ${sumOf(WAITS)} as waits, ${sumOf(["iterations"])} as iterations, ${sumOf(["dropped_iterations"])} as dropped
      from (
        select metric_name, ${keys}, ${exact ? file.rest : `${file.sortedRest} as ${file.rest}`}, metric_value::DOUBLE as v
        from ${file.relation} where ${checkedCondition(format, "timestamp", wanted)})
      group by ${keys}${key})`;
  try {
    await database.run(sql);
  } catch (error) {
    throw await explainFault(file, error);
  }
}

/** instanceOf names the k6 process of a file that does not name it itself, where there are several files. */
export function instanceOf(file: SampleFile, files: readonly SampleFile[]): string | null {
  return files.length > 1 ? basename(file.path) : null;
}

/** requireOutcomes makes sure that failed requests can be told: they are often fast and would improve the latency. */
export async function requireOutcomes(database: Database, files: readonly SampleFile[]): Promise<void> {
  const [unknown] = await database.rows(
    `select cast(min(file) as VARCHAR) as file from requests where len(durations) > 0 and outcome is null`,
    { file: textOrNull },
  );
  const file = unknown?.file === null || unknown === undefined ? undefined : files[Number(unknown.file)];
  if (file === undefined) return;
  throw new HarnessError(
    "usage",
    `${file.path}: requests have neither the tag expected_response nor status, so failed ones cannot be told`,
    {
      hint: "Leave `status` or `expected_response` in the script's systemTags, and run it again.",
    },
  );
}

const HINT = { hint: "Name a file that k6 wrote, with the times as k6 wrote them." };

async function firstTime(database: Database, file: SampleFile): Promise<string> {
  try {
    const [row] = await database.rows(`select coalesce(timestamp, '') as time from ${file.relation} limit 1`, { time: text });
    if (row !== undefined) return row.time;
  } catch (error) {
    throw await explainFault(file, error);
  }
  throw new HarnessError("usage", `${file.path}:2: the file has no samples`, {
    hint: "Name the result of a run that sent requests.",
  });
}

function armExpression(file: SampleFile, armTag: ArmTag | null): string {
  if (armTag === null) return "null::VARCHAR";
  const { tag, baseline, candidate } = armTag;
  return `case ${file.tag(tag)} when ${sqlText(baseline)} then 'baseline' when ${sqlText(candidate)} then 'candidate' end`;
}

function sumOf(metrics: readonly string[]): string {
  return `coalesce(sum(v) filter (metric_name in (${metrics.map((name) => sqlText(name)).join(", ")})), 0)`;
}

/** The two names under which k6-operator and people number their processes. */
function instanceExpression(file: SampleFile, otherwise: string | null): string {
  return `coalesce(${file.tag("instance_id")}, ${file.tag("instance")}, ${otherwise === null ? "null" : sqlText(otherwise)})`;
}

/** No answer at all, or one that a proxy gives when there is none behind it, is the ingress's failure. */
function outcomeExpression(file: SampleFile): string {
  const [expected, status] = [file.tag("expected_response"), file.tag("status")];
  return `case when ${expected} = 'true' then 'ok'
    when ${expected} is null and ${status} is null then null
    when ${expected} is null and try_cast(${status} as INTEGER) between 200 and 399 then 'ok'
    when coalesce(${status}, '0') in ('0', '499', '502', '503', '504') then 'ingress'
    else 'application' end`;
}

/** More steps than anybody has in a script: then the tag holds URLs with numbers in them, or texts. */
const MOST_STEPS = 200;

/**
 * nameSteps gives URLs the name of their route: k6 names a request by its URL where the script does not, and the same page
 * would be another step for every product and every host.
 */
export async function nameSteps(database: Database, files: readonly SampleFile[], stepTag: string): Promise<void> {
  const rows = await database.rows(`select distinct step from requests where step is not null and not setup order by step`, {
    step: text,
  });
  if (rows.length === 0) {
    throw new HarnessError("usage", `no request has the tag "${stepTag}" that should name its step`, {
      hint: `Name one of the tags that are there with --step-tag: ${(await tagNames(database, files)).join(", ")}.`,
    });
  }
  const steps = rows.map(({ step }) => ({ step, name: stepName(step) }));
  const count = new Set(steps.map(({ name }) => name)).size;
  if (count > MOST_STEPS) {
    throw new HarnessError(
      "usage",
      `the tag "${stepTag}" has ${count} values, more than ${MOST_STEPS} steps: ${steps[0]?.name ?? ""}, ...`,
      {
        hint: `Name the tag that says which step a request is with --step-tag: ${(await tagNames(database, files)).join(", ")}.`,
      },
    );
  }
  const renamed = steps.filter(({ step, name }) => step !== name);
  if (renamed.length === 0) return;
  await database.run(`create or replace temp table step_names (step VARCHAR, name VARCHAR)`);
  await database.run(
    `insert into step_names values ${renamed.map(({ step, name }) => `(${sqlText(step)}, ${sqlText(name)})`).join(", ")}`,
  );
  await database.run(`update requests set step = n.name from step_names n where requests.step = n.step`);
}

/** requireArms makes sure that both words for the arms occur. */
export async function requireArms(database: Database, files: readonly SampleFile[], armTag: ArmTag): Promise<void> {
  const rows = await database.rows(`select distinct arm from requests where arm is not null and not setup`, { arm: text });
  const missing = (["baseline", "candidate"] as const).filter((arm) => !rows.some((row) => row.arm === arm));
  if (missing.length === 0) return;
  const values: string[] = [];
  for (const file of files) {
    const found = await database.rows(
      `select distinct ${file.tag(armTag.tag)} as value from ${file.relation} where value is not null limit 20`,
      {
        value: text,
      },
    );
    values.push(...found.map(({ value }) => value));
  }
  const words = missing.map((arm) => `"${armTag[arm]}" (${arm})`).join(" or ");
  throw new HarnessError("usage", `no request has ${words} in its tag "${armTag.tag}"`, {
    hint:
      values.length > 0
        ? `Values that are there: ${[...new Set(values)].sort().join(", ")}.`
        : `Name the right tag with --arm-tag: ${(await tagNames(database, files)).join(", ")}.`,
  });
}

function stepName(step: string): string {
  if (!/^https?:\/\//.test(step)) return step;
  return normaliseRoute(step.replace(/^https?:\/\/[^/?#]*/, "") || "/");
}

async function tagNames(database: Database, files: readonly SampleFile[]): Promise<string[]> {
  const names: string[] = [];
  for (const file of files) {
    const found = await database.rows(
      `select distinct unnest(${file.tagNames}) as name
      from (from ${file.relation} where metric_name = 'http_req_duration' limit 10000)`,
      { name: text },
    );
    names.push(...found.map(({ name }) => name));
  }
  return [...new Set(names)].sort();
}
