// Is importing a large k6 CSV as cheap as DuckDB alone would be? npx tsx bench/import.ts [MEGABYTES] [ROUNDS]
//
// The CSV is the recorded fixtures/imports/foreign-unix_nano.csv over and over, with times that go on. Contestants take turns,
// each in a process of its own: `import` is what `peakproof import` does; `copy` is a bare DuckDB COPY of the same samples
// (same rows of the CSV, same columns, no checks); `whole` is a bare COPY of the file as it is.
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { withDatabase } from "../src/bundle/duckdb/database.ts";
import { joined, sql } from "../src/bundle/duckdb/sql.ts";
import { importFiles } from "../src/bundle/import/import.ts";
import { csvRelation, openK6Csv, tagExpression } from "../src/bundle/k6/csv.ts";

const CONTESTANTS = ["import", "copy", "whole"] as const;
type Contestant = (typeof CONTESTANTS)[number];

const result = z.object({ wallMs: z.number(), cpuMs: z.number(), rssMiB: z.number() });
type Result = z.infer<typeof result>;

const METRICS = [
  "http_req_duration",
  "http_req_blocked",
  "http_req_connecting",
  "http_req_tls_handshaking",
  "iterations",
  "dropped_iterations",
];

function makeCsv(path: string, megabytes: number): void {
  const source = fileURLToPath(new URL("../fixtures/imports/foreign-unix_nano.csv", import.meta.url));
  const [header = "", ...lines] = readFileSync(source, "utf8").trimEnd().split("\n");
  const rows = lines.map((line) => {
    const [metric = "", time = "0", ...rest] = line.split(",");
    return { metric, time: BigInt(time), rest: rest.join(",") };
  });
  const first = rows.reduce((least, { time }) => (time < least ? time : least), rows[0]?.time ?? 0n);
  const last = rows.reduce((most, { time }) => (time > most ? time : most), first);
  const file = openSync(path, "w");
  let size = writeSync(file, `${header}\n`);
  for (let round = 0n; size < megabytes * 1e6; round += 1n) {
    const shift = round * (last - first + 1_000_000n);
    size += writeSync(file, rows.map(({ metric, time, rest }) => `${metric},${time + shift},${rest}\n`).join(""));
  }
  closeSync(file);
}

async function compete(contestant: Contestant, csvPath: string, out: string): Promise<void> {
  if (contestant === "import") {
    const arms = { tag: "release", baseline: "old", candidate: "new" };
    const range = { fromMs: null, toMs: null };
    const common = { runId: "bench", target: "bench", odooLogs: [], warmupMs: 0, labels: { baseline: "old", candidate: "new" } };
    await importFiles({ ...common, files: [csvPath], out, stepTag: "page", arms, range });
    return;
  }
  const csv = await openK6Csv(csvPath);
  const tags = joined(["release", "scenario", "page", "status"].map((tag) => tagExpression(csv, tag)));
  const some = sql`select metric_name, timestamp::BIGINT / 1e6, metric_value::DOUBLE, ${tags} from ${csvRelation(csv)} where metric_name in ${METRICS}`;
  await withDatabase(async (database) => {
    await database.run(sql`set preserve_insertion_order = false`);
    const rows = contestant === "copy" ? some : sql`select * from ${csvRelation(csv)}`;
    await database.writeParquet(`${out}.parquet`, rows);
  });
}

/** A process of its own, so that one contestant's memory is not counted for another. */
function runAlone(contestant: Contestant, csvPath: string, folder: string): Result {
  const out = join(folder, contestant);
  const printed = execFileSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), "--one", contestant, csvPath, out],
    {
      encoding: "utf8",
    },
  );
  rmSync(out, { recursive: true, force: true });
  rmSync(`${out}.parquet`, { force: true });
  return result.parse(JSON.parse(printed));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function report(results: ReadonlyMap<Contestant, readonly Result[]>): void {
  const middle = (contestant: Contestant, field: keyof Result) =>
    median((results.get(contestant) ?? []).map((one) => one[field]));
  console.log(
    "| contestant | wall, s | CPU, s | peak memory, MiB | wall against import | CPU against import |\n|---|---|---|---|---|---|",
  );
  for (const contestant of CONTESTANTS) {
    const ratio = (field: keyof Result) => (middle("import", field) / middle(contestant, field)).toFixed(2);
    const seconds = (["wallMs", "cpuMs"] as const).map((field) => (middle(contestant, field) / 1000).toFixed(2)).join(" | ");
    const most = Math.max(...(results.get(contestant) ?? []).map(({ rssMiB }) => rssMiB));
    console.log(`| ${contestant} | ${seconds} | ${Math.round(most)} | ${ratio("wallMs")} | ${ratio("cpuMs")} |`);
  }
}

async function main(): Promise<void> {
  const [mode, contestant, csvPath, out] = process.argv.slice(2);
  if (mode === "--one") {
    const begun = performance.now();
    const chosen = CONTESTANTS.find((one) => one === contestant);
    if (chosen === undefined || csvPath === undefined || out === undefined) throw new Error("--one CONTESTANT CSV OUT");
    await compete(chosen, csvPath, out);
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const cpuMs = (userCPUTime + systemCPUTime) / 1000;
    console.log(JSON.stringify({ wallMs: performance.now() - begun, cpuMs, rssMiB: maxRSS / 1024 }));
    return;
  }
  const [megabytes, rounds] = [Number(mode ?? 1000), Number(contestant ?? 3)];
  const folder = mkdtempSync(join(tmpdir(), "peakproof-bench-"));
  try {
    const csv = join(folder, "samples.csv");
    makeCsv(csv, megabytes);
    console.log(`k6 CSV of ${Math.round(statSync(csv).size / 1e6)} MB, median of ${rounds} rounds\n`);
    const results = new Map<Contestant, Result[]>(CONTESTANTS.map((one) => [one, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const one of CONTESTANTS) results.get(one)?.push(runAlone(one, csv, folder));
    }
    report(results);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
