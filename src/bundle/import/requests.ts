import { basename } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { normaliseRoute } from "../../odoo-log/route.ts";
import { type Database, number, orNull, text } from "../duckdb/database.ts";
import { columnName, joined, literal, type Sql, sql, type Table } from "../duckdb/sql.ts";
import { checkedCondition, isCoarse, k6TimeOf, timeExpression } from "../k6/csv.ts";
import { explainFault, requireWhole } from "../k6/file-faults.ts";
import type { SampleFile } from "../k6/result-file.ts";

/** ArmTag is the tag that names the arm of a sample, and its value for each arm. */
export interface ArmTag {
  readonly tag: string;
  readonly baseline: string;
  readonly candidate: string;
}

/**
 * ImportedRequests is the table of the samples of all files: `(file, time_ms, arm, scenario, step, instance, outcome, setup,
 * durations, waits, iterations, dropped)`, one row for the samples of one file that have the same time and tags.
 */
export type ImportedRequests = Table<"imported_requests">;

/** What k6 does before it sends a request. `http_req_duration` excludes these times, but a shopper waits for them. */
const WAITS = ["http_req_blocked", "http_req_connecting", "http_req_tls_handshaking"];

/** Columns that distinguish samples of the same time, where a file has these columns. */
const GROUPED = ["name", "method", "scenario", "group", "status", "expected_response"];

/** loadImportedRequests reads files of samples, names their steps, and refuses samples that cannot be judged. */
export async function loadImportedRequests(
  database: Database,
  files: readonly SampleFile[],
  { stepTag, armTag }: { stepTag: string; armTag: ArmTag | null },
): Promise<ImportedRequests> {
  const columns = {
    file: "INTEGER",
    time_ms: "DOUBLE",
    arm: "VARCHAR",
    scenario: "VARCHAR",
    step: "VARCHAR",
    instance: "VARCHAR",
    outcome: "VARCHAR",
    setup: "BOOLEAN",
    durations: "DOUBLE[]",
    waits: "DOUBLE",
    iterations: "DOUBLE",
    dropped: "DOUBLE",
  } as const;
  const requests = await database.tableOf("imported_requests", columns, []);
  // The rows are sorted by time when they are written; keeping the order of the file would cost memory.
  await database.run(sql`set preserve_insertion_order = false`);
  for (const [index, file] of files.entries()) {
    await requireWhole(file);
    // Where there are several files, a file that does not name its k6 process is a process.
    const instance = files.length > 1 ? basename(file.path) : null;
    await appendFile(database, requests, { file, index, stepTag, armTag, instance });
  }
  await requireInstances(database, requests, files);
  await requireOutcomes(database, requests, files);
  await nameSteps(database, requests, { files, stepTag });
  if (armTag !== null) await requireArms(database, requests, { files, armTag });
  return requests;
}

/**
 * appendFile reads one file of samples in one pass.
 *
 * k6 writes the parts of a request with the same time and tags, so the parts are joined by these. Where a file has times in whole
 * seconds, the parts cannot be joined, and the duration alone is the latency.
 */
async function appendFile(
  database: Database,
  requests: ImportedRequests,
  options: { file: SampleFile; index: number; stepTag: string; armTag: ArmTag | null; instance: string | null },
): Promise<void> {
  const { file, index, stepTag, armTag, instance } = options;
  const first = await firstTime(database, file);
  const format = k6TimeOf(first);
  if (format === null) throw new HarnessError("usage", `${file.path}:2: "${first}" is not a time of k6`, HINT);
  const coarse = isCoarse(format, first);
  const metrics = ["http_req_duration", "iterations", "dropped_iterations", ...(coarse ? [] : WAITS)];
  const time = columnName("timestamp");
  const wanted = sql`metric_name in ${metrics}`;
  const asked = [...GROUPED, stepTag, ...(armTag === null ? [] : [armTag.tag])];
  const known = [...new Set(asked)].filter((name) => file.columns.includes(name));
  const keys = joined([time, ...known.map((name) => columnName(name))]);
  // Two requests never end in the same nanosecond: tags are then parsed once for each request instead of once for each sample.
  const exact = format === "unix_nano" || file.kind === "ndjson";
  const [rest, key] = exact ? [sql`any_value(${file.rest}) as ${file.rest}`, sql``] : [file.rest, sql`, ${file.rest}`];
  const query = sql`
    select ${index} as file, ${timeExpression(format, time)} as time_ms, ${armExpression(file, armTag)} as arm,
      ${file.tag("scenario")} as scenario, ${file.tag(stepTag)} as step, ${instanceExpression(file, instance)} as instance,
      ${outcomeExpression(file)} as outcome, coalesce(${file.tag("group")} in ('::setup', '::teardown'), false) as setup,
      coalesce(durations, []) as durations, waits, iterations, dropped
    from (
      select ${keys}, ${rest}, list(v) filter (metric_name = 'http_req_duration') as durations,
        ${sumOf(WAITS)} as waits, ${sumOf(["iterations"])} as iterations, ${sumOf(["dropped_iterations"])} as dropped
      from (
        select metric_name, ${keys}, ${exact ? file.rest : sql`${file.sortedRest} as ${file.rest}`}, metric_value::DOUBLE as v
        from ${file.relation} where ${checkedCondition(format, time, wanted)})
      group by ${keys}${key})`;
  try {
    await database.append(requests, query);
  } catch (error) {
    throw await explainFault(file, error);
  }
}

const HINT = { hint: "Name a file that k6 wrote, with the times as k6 wrote them." };

async function firstTime(database: Database, file: SampleFile): Promise<string> {
  try {
    const query = sql`select coalesce(timestamp, '') as time from ${file.relation} limit 1`;
    const [row] = await database.rows(query, { time: text });
    if (row !== undefined) return row.time;
  } catch (error) {
    throw await explainFault(file, error);
  }
  throw new HarnessError("usage", `${file.path}:2: the file has no samples`, {
    hint: "Name the result of a run that sent requests.",
  });
}

function armExpression(file: SampleFile, armTag: ArmTag | null): Sql {
  if (armTag === null) return sql`null::VARCHAR`;
  const { tag, baseline, candidate } = armTag;
  return sql`case ${file.tag(tag)} when ${literal(baseline)} then 'baseline' when ${literal(candidate)} then 'candidate' end`;
}

function sumOf(metrics: readonly string[]): Sql {
  return sql`coalesce(sum(v) filter (metric_name in ${metrics}), 0)`;
}

/** The tags `instance_id` (k6-operator) and `instance` number k6 processes. */
function instanceExpression(file: SampleFile, otherwise: string | null): Sql {
  return sql`coalesce(${file.tag("instance_id")}, ${file.tag("instance")}, ${otherwise})`;
}

/** A request without an answer, or with the answer that a proxy gives when its backend is down, is a failure of the ingress. */
function outcomeExpression(file: SampleFile): Sql {
  const [expected, status] = [file.tag("expected_response"), file.tag("status")];
  return sql`case when ${expected} = 'true' then 'ok'
    when ${expected} is null and ${status} is null then null
    when ${expected} is null and try_cast(${status} as INTEGER) between 200 and 399 then 'ok'
    when coalesce(${status}, '0') in ('0', '499', '502', '503', '504') then 'ingress'
    else 'application' end`;
}

/** requireInstances refuses a k6 process that comes in two files: its requests would count twice. */
async function requireInstances(database: Database, requests: ImportedRequests, files: readonly SampleFile[]): Promise<void> {
  const [twice] = await database.rows(
    sql`select instance, min(file) as one, max(file) as other from ${requests}
    where instance is not null group by instance having one <> other order by instance limit 1`,
    { instance: text, one: number, other: number },
  );
  if (twice === undefined) return;
  const [one = "", other = ""] = [files[twice.one]?.path, files[twice.other]?.path];
  throw new HarnessError("usage", `${other}:2: the same k6 instance "${twice.instance}" as in ${one}`, {
    hint: "Name every file once, and give every k6 process its own --tag instance_id=N.",
  });
}

/** requireOutcomes refuses requests that may have failed or not: failed requests are often fast and would lower the latency. */
async function requireOutcomes(database: Database, requests: ImportedRequests, files: readonly SampleFile[]): Promise<void> {
  const [unknown] = await database.rows(
    sql`select min(file) as file from ${requests} where len(durations) > 0 and outcome is null`,
    { file: orNull(number) },
  );
  const file = unknown === undefined || unknown.file === null ? undefined : files[unknown.file];
  if (file === undefined) return;
  throw new HarnessError(
    "usage",
    `${file.path}: requests have neither the tag expected_response nor the tag status, so failed requests cannot be identified`,
    {
      hint: "Leave `status` or `expected_response` in the script's systemTags, and run it again.",
    },
  );
}

/** More steps than a script has: the tag then holds URLs with numbers in them, or free text. */
const MOST_STEPS = 200;

/**
 * nameSteps replaces URLs by the names of their routes. k6 names a request by its URL where the script does not name it, and the
 * same page would be another step for each product and each host.
 */
async function nameSteps(
  database: Database,
  requests: ImportedRequests,
  { files, stepTag }: { files: readonly SampleFile[]; stepTag: string },
): Promise<void> {
  const rows = await database.rows(
    sql`select distinct step from ${requests} where step is not null and not setup order by step`,
    { step: text },
  );
  if (rows.length === 0) {
    throw new HarnessError("usage", `no request has the tag "${stepTag}" that should name its step`, {
      hint: `Name one of the existing tags with --step-tag: ${(await tagNames(database, files)).join(", ")}.`,
    });
  }
  const steps = rows.map(({ step }) => ({ step, name: stepName(step) }));
  const count = new Set(steps.map(({ name }) => name)).size;
  if (count > MOST_STEPS) {
    throw new HarnessError(
      "usage",
      `the tag "${stepTag}" has ${count} values, more than ${MOST_STEPS} steps: ${steps[0]?.name ?? ""}, ...`,
      {
        hint: `Name the tag that holds the step of a request with --step-tag: ${(await tagNames(database, files)).join(", ")}.`,
      },
    );
  }
  const renamed = steps.filter(({ step, name }) => step !== name);
  if (renamed.length === 0) return;
  const names = await database.tableOf(
    "step_names",
    { step: "VARCHAR", name: "VARCHAR" },
    renamed.map(({ step, name }) => [step, name]),
  );
  await database.run(sql`update ${requests} r set step = n.name from ${names} n where r.step = n.step`);
}

/** requireArms refuses samples in which one of the two values of the arm tag does not occur. */
async function requireArms(
  database: Database,
  requests: ImportedRequests,
  { files, armTag }: { files: readonly SampleFile[]; armTag: ArmTag },
): Promise<void> {
  const rows = await database.rows(sql`select distinct arm from ${requests} where arm is not null and not setup`, { arm: text });
  const missing = (["baseline", "candidate"] as const).filter((arm) => !rows.some((row) => row.arm === arm));
  if (missing.length === 0) return;
  const values: string[] = [];
  for (const file of files) {
    const found = await database.rows(
      sql`select distinct ${file.tag(armTag.tag)} as value from ${file.relation} where value is not null limit 20`,
      { value: text },
    );
    values.push(...found.map(({ value }) => value));
  }
  const words = missing.map((arm) => `"${armTag[arm]}" (${arm})`).join(" or ");
  throw new HarnessError("usage", `no request has ${words} in its tag "${armTag.tag}"`, {
    hint:
      values.length > 0
        ? `Values of the tag: ${[...new Set(values)].sort().join(", ")}.`
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
      sql`select distinct unnest(${file.tagNames}) as name
      from (from ${file.relation} where metric_name = 'http_req_duration' limit 10000)`,
      { name: text },
    );
    names.push(...found.map(({ name }) => name));
  }
  return [...new Set(names)].sort();
}
