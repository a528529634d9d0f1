import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { number, orNull, text, withDatabase } from "../../../src/bundle/duckdb/database.ts";
import { parquetFile, sql } from "../../../src/bundle/duckdb/sql.ts";
import { importFiles, type ImportOptions } from "../../../src/bundle/import/import.ts";
import type { Indicator } from "../../../src/domain/judgement/indicator.ts";
import { readEvidence, readFacts } from "../../../src/evidence/evidence.ts";
import { fixture, policy, temporaryFolder } from "../../evidence/recorded-bundle.ts";

const folder = temporaryFolder();
let made = 0;

function options(files: readonly string[], changes: Partial<ImportOptions> = {}): ImportOptions {
  made += 1;
  return {
    files,
    out: join(folder, `bundle-${made}`),
    runId: `imported-${made}`,
    target: "shop",
    stepTag: "page",
    arms: "baseline",
    odooLogs: [],
    range: { fromMs: null, toMs: null },
    warmupMs: 0,
    labels: { baseline: "old", candidate: "new" },
    ...changes,
  };
}

function written(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function steps(out: string) {
  return withDatabase((database) =>
    database.rows(
      sql`select step, arm, outcome, count(*) as count, median(value) as median from ${parquetFile(join(out, "samples.parquet"))}
      where metric = 'peakproof_step' group by all order by all`,
      { step: orNull(text), arm: orNull(text), outcome: text, count: number, median: orNull(number) },
    ),
  );
}

const byArm = { tag: "release", baseline: "old", candidate: "new" };
const formats = ["unix", "unix_milli", "unix_micro", "unix_nano", "rfc3339", "rfc3339_nano"];

test.each(formats)("times as %s: every request of the run, set-up and teardown apart", async (format) => {
  const own = options([fixture(`foreign-${format}.csv`)]);
  const { counts, loadStartMs } = await importFiles(own);
  expect(counts).toMatchObject({ iterations: 4, httpRequests: 16 });
  expect(new Date(loadStartMs).toISOString().slice(0, 10)).toBe("2026-11-21");
  const found = await steps(own.out);
  expect([...new Set(found.map(({ step }) => step))]).toEqual(["cart, with a comma", "list", "product", "refused"]);
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(14);
});

test("a refused connection is a failure of the ingress, not a latency of zero", async () => {
  const own = options([fixture("foreign-unix_nano.csv")]);
  await importFiles(own);
  const refused = (await steps(own.out)).filter(({ step }) => step === "refused");
  expect(refused.map(({ outcome }) => outcome)).toEqual(["ingress"]);
});

test("connecting counts: a step takes at least as long as k6 says of its request", async () => {
  const own = options([fixture("foreign-unix_nano.csv")]);
  await importFiles(own);
  const csv = readFileSync(fixture("foreign-unix_nano.csv"), "utf8").split("\n");
  const total = (metrics: readonly string[]) =>
    csv
      .filter((line) => metrics.includes(line.split(",", 1)[0] ?? "") && !/::(setup|teardown)/.test(line))
      .reduce((sum, line) => sum + Number(line.split(",")[2]), 0);
  const parts = ["http_req_duration", "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking"];
  const [imported] = await withDatabase((database) =>
    database.rows(
      sql`select sum(value) as total from ${parquetFile(join(own.out, "samples.parquet"))} where metric = 'peakproof_step'`,
      { total: number },
    ),
  );
  expect(imported?.total).toBeCloseTo(total(parts), 3);
  expect(total(parts)).toBeGreaterThan(total(["http_req_duration"]));
});

test("CSV and NDJSON of the same run say the same, and both agree with k6's summary", async () => {
  const csv = options([fixture("foreign.csv.gz"), fixture("foreign-summary.json")], { arms: byArm });
  const ndjson = options([fixture("foreign.ndjson.gz"), fixture("foreign-summary.json")], { arms: byArm });
  const [first, second] = [await importFiles(csv), await importFiles(ndjson)];
  for (const { counts } of [first, second]) {
    expect(counts.summary).toEqual({ iterations: counts.iterations, httpRequests: counts.httpRequests, dropped: counts.dropped });
  }
  const shape = async (out: string) => (await steps(out)).map(({ step, arm, outcome, count }) => [step, arm, outcome, count]);
  expect(await shape(csv.out)).toEqual(await shape(ndjson.out));
});

test("one file with both arms can be judged by its steps", async () => {
  const own = options([fixture("foreign.csv.gz")], { arms: byArm });
  const { arms, schedule, releases } = await importFiles(own);
  expect({ arms, schedule }).toEqual({ arms: ["baseline", "candidate"], schedule: { kind: "duet" } });
  expect(releases.candidate?.label).toBe("new");
  const compared = { kind: "together", bundles: [own.out] } as const;
  const facts = await readFacts(compared);
  expect(facts).toMatchObject({ imported: true, steps: ["cart, with a comma", "list", "product", "refused"] });
  const indicator: Indicator = {
    id: "list",
    quantity: "latency-p50",
    label: "list",
    unit: "ms",
    better: "lower",
    service: "platform",
    layer: "odoo",
    kind: "latency",
    margin: { relative: 0.05, absolute: 1 },
    gate: true,
    minimumCount: 1,
    source: { kind: "quantile", metric: "peakproof_step", scenario: null, step: "list", quantile: 0.5 },
  };
  const { series } = await readEvidence(compared, { policy, choose: () => [indicator] });
  const values = (arm: "baseline" | "candidate") =>
    series[0]?.blocks[arm].flatMap((entry) => (entry.kind === "values" ? entry.values : [])) ?? [];
  // The recorded shop answers the candidate 3 ms later.
  expect(Math.min(...values("candidate"))).toBeGreaterThan(Math.min(...values("baseline")) + 1);
});

test("an Odoo log brings statements and times of the same minutes", async () => {
  const own = options([fixture("shop.csv.gz")], {
    stepTag: "name",
    odooLogs: [{ path: fixture("shop-odoo.log.gz"), arm: null }],
  });
  const { counts } = await importFiles(own);
  const lines = gunzipSync(readFileSync(fixture("shop-odoo.log.gz")))
    .toString()
    .split("\n");
  // Three readings of each request, and a counter of retries at both ends.
  expect(counts.readings).toBe(3 * lines.filter((line) => line.includes(" werkzeug: ")).length + 2);
  expect((await steps(own.out)).map(({ step }) => step)).toEqual(["/shop/cart", "/web/login"]);
});

test("a summary alone has counts and no latency", async () => {
  const own = options([fixture("foreign-summary.json")]);
  const { counts } = await importFiles(own);
  expect(counts).toMatchObject({ samples: 0, summary: { iterations: 78, httpRequests: 239 } });
});

const whole = readFileSync(fixture("foreign-unix.csv"), "utf8");
const gz = readFileSync(fixture("foreign.csv.gz"));
const lines = whole.split("\n");
const nano = readFileSync(fixture("foreign-unix_nano.csv"), "utf8").split("\n");
const copy = written("copy.csv", whole);

test.each([
  { name: "an empty file", file: written("empty.csv", ""), want: /empty\.csv:1: the file is empty/ },
  {
    name: "a CSV of something else",
    file: written("other.csv", "time,value\n1,2\n"),
    want: /other\.csv:1: .*no column metric_name.*"time,value"/,
  },
  {
    name: "a header without a row",
    file: written("header.csv", `${lines[0]}\n`),
    want: /header\.csv:2: the file has no samples/,
  },
  {
    name: "a header of another k6",
    file: written("old.csv", whole.replace(",metadata\n", "\n")),
    want: /old\.csv:1: .*metadata/,
  },
  {
    name: "an unknown column",
    file: written("new.csv", whole.replace(",url,", ",uri,")),
    want: /new\.csv:1: unknown column uri/,
  },
  {
    name: "a cut CSV",
    file: written("cut.csv", lines.slice(0, 40).join("\n")),
    want: /cut\.csv:40: the file is cut in mid-line/,
  },
  {
    name: "a cut gzip",
    file: written("cut.csv.gz", gz.subarray(0, gz.length - 2000)),
    want: /cut\.csv\.gz:\d+: the gzip file has no end/,
  },
  {
    name: "a gzip of a cut CSV",
    file: written("cut-inside.csv.gz", gzipSync(lines.slice(0, 40).join("\n"))),
    want: /cut-inside\.csv\.gz:40: the file is cut/,
  },
  {
    name: "times in two formats",
    file: written("mixed.csv", [...lines.slice(0, 30), ...nano.slice(1)].join("\n")),
    want: /mixed\.csv:31: time in the format unix_nano after times in unix/,
  },
  {
    name: "a value that is no number",
    file: written("value.csv", whole.replace(/(http_req_duration,\d+),[\d.]+/, "$1,fast")),
    want: /value\.csv:\d+: "fast" is not a number/,
  },
  {
    name: "a row that is too short",
    file: written("short.csv", [...lines.slice(0, 9), "vus,1795264039,1", ...lines.slice(9)].join("\n")),
    want: /short\.csv:10: /,
  },
  {
    name: "NDJSON with a broken line",
    file: written(
      "broken.ndjson",
      gunzipSync(readFileSync(fixture("foreign.ndjson.gz")))
        .toString()
        .replace('"value":9.186892', '"value":9.1,,'),
    ),
    want: /broken\.ndjson:4: /,
  },
  {
    name: "JSON that k6 did not write",
    file: written("any.json", '{"a": 1}\n'),
    want: /any\.json:1: neither samples nor a summary/,
  },
  { name: "a file that is not there", file: join(folder, "nowhere.csv"), want: /nowhere\.csv cannot be read/ },
])("$name ends with the file, the line and a remedy", async ({ file, want }) => {
  const own = options([file], { stepTag: "name" });
  const failed = importFiles(own);
  await expect(failed).rejects.toThrow(want);
  await expect(failed).rejects.toMatchObject({ code: "usage", hint: expect.stringMatching(/\w{4}/) });
  expect(existsSync(own.out)).toBe(false);
});

test.each([
  { name: "the same file twice", own: options([fixture("foreign-unix.csv"), copy]), want: /the same k6 instance/ },
  {
    name: "two k6 processes with one instance id",
    own: options(
      ["a", "b"].map((id) => written(`instance-${id}.csv`, whole.replaceAll("page=", `instance_id=7&key=${id}&page=`))),
    ),
    want: /instance-b\.csv:2: the same k6 instance "7" as in .*instance-a\.csv/,
  },
  { name: "a step tag that nobody has", own: options([copy], { stepTag: "steps" }), want: /no request has the tag "steps"/ },
  {
    name: "an arm that does not occur",
    own: options([copy], { arms: { tag: "release", baseline: "old", candidate: "newer" } }),
    want: /"newer" \(candidate\) in its tag "release"/,
  },
  {
    name: "an Odoo log of another day",
    own: options([copy], { odooLogs: [{ path: fixture("shop-odoo.log.gz"), arm: null }] }),
    want: /has requests from 2026-11-21T12:42.* the load went from 2026-11-21T12:28/,
  },
  {
    name: "an Odoo log without requests",
    own: options([copy], {
      odooLogs: [{ path: written("quiet.log", "2026-11-21 12:00:00,000 1 INFO ? odoo: up\n"), arm: null }],
    }),
    want: /quiet\.log holds no requests/,
  },
  {
    name: "an Odoo log of no arm beside samples of two",
    own: options([copy], { arms: byArm, odooLogs: [{ path: fixture("shop-odoo.log.gz"), arm: null }] }),
    want: /no arm is named for this Odoo log/,
  },
])("$name is refused", async ({ own, want }) => {
  await expect(importFiles(own)).rejects.toThrow(want);
  expect(existsSync(own.out)).toBe(false);
});

test("two k6 processes of one run add up to what one process would have written", async () => {
  const [header = "", ...rows] = whole.trimEnd().split("\n");
  // Samples of one request stand together: they are dealt out by their time and name.
  const parts = [0, 1].map((part) => rows.filter((row) => (row.includes("page=list") ? 0 : 1) === part));
  const files = parts.map((own, part) => written(`part-${part}.csv`, `${[header, ...own].join("\n")}\n`));
  const [one, two] = [options([copy]), options(files)];
  const [single, merged] = [await importFiles(one), await importFiles(two)];
  expect({ ...merged.counts, samples: 0 }).toEqual({ ...single.counts, samples: 0 });
  expect(await steps(two.out)).toEqual(await steps(one.out));
});
