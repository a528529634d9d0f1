import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { number, orNull, text, withDatabase } from "../../../src/bundle/duckdb/database.ts";
import { parquetFile, sql } from "../../../src/bundle/duckdb/sql.ts";
import { importFiles } from "../../../src/bundle/import/import.ts";
import { fixture, temporaryFolder } from "../../evidence/recorded-bundle.ts";

const folder = temporaryFolder();

/** Imports recorded results with an Odoo log beside them, and returns the bundle. */
async function importWithLog(name: string, log: string): Promise<string> {
  const out = join(folder, name);
  await importFiles({
    files: [fixture("shop.csv.gz")],
    out,
    runId: name,
    target: "shop",
    stepTag: "name",
    arms: "baseline",
    odooLogs: [{ path: log, arm: null }],
    range: { fromMs: null, toMs: null },
    warmupMs: 0,
    labels: { baseline: "old", candidate: "new" },
  });
  return out;
}

/** Readings of retries in a bundle: their name, value, time after the first request of the log, and worker. */
async function retries(out: string) {
  const first = sql`(select min("timeMs") from logged where name = 'request_statements')`;
  return withDatabase((database) =>
    database.rows(
      sql`with logged as (select * from ${parquetFile(join(out, "readings.parquet"))})
      select name, value, "timeMs" - ${first} as after_ms, labels['worker'] as worker from logged
      where name like 'serialization%' order by name desc, "timeMs"`,
      { name: text, value: number, afterMs: number, worker: orNull(text) },
    ),
  );
}

test("an Odoo log brings the retries of the same minutes, each with its worker, as the live probe reads them", async () => {
  const log = gunzipSync(readFileSync(fixture("shop-odoo.log.gz"))).toString();
  const retry = (time: string, words: string) => `2026-11-21 ${time} 15942 INFO tpl odoo.service.model: ${words}\n`;
  const inside = retry("12:42:17,489", "SERIALIZATION_FAILURE, retry 1/5 in 0.8038 sec...");
  const coloured = inside.replace("INFO", "\u001B[1;32mINFO\u001B[0m").replace("17,489", "17,589");
  const earlier = retry("11:00:00,000", "SERIALIZATION_FAILURE, retry 1/5 in 0.8038 sec...");
  const path = join(folder, "retried.log");
  writeFileSync(path, `${earlier}${log.trimEnd()}\n${inside}odoo-1  | ${coloured}`);
  const [first, second, ...counters] = await retries(await importWithLog("retried", path));
  expect([first, second]).toEqual(
    [200, 300].map((afterMs) => ({ name: "serialization_retry", value: 1, afterMs, worker: "15942" })),
  );
  expect(counters.map(({ name, value }) => [name, value])).toEqual([
    ["serialization_retries", 0],
    ["serialization_retries", 2],
  ]);
});

test("a log that tells of no retries says that there were none", async () => {
  const out = await importWithLog("unretried", fixture("shop-odoo.log.gz"));
  expect((await retries(out)).map(({ name, value }) => [name, value])).toEqual([
    ["serialization_retries", 0],
    ["serialization_retries", 0],
  ]);
});
