import { expect, test } from "vitest";

import { type Database, number, withDatabase } from "../../../src/bundle/duckdb/database.ts";
import { sql } from "../../../src/bundle/duckdb/sql.ts";
import { joinedBuckets, loadWorkBuckets, readExpectedWork, type WorkTables } from "../../../src/evidence/series/expected-work.ts";

/** Four requests a second of 60 to 27 000 ms, and readings about every second with one long pause between them. */
const requestsOf = (seconds: number) =>
  Array.from({ length: 4 * seconds }, (_, id) => ({
    id,
    startMs: id * 250 + 13,
    ms: id % 97 === 5 ? 27_000.5 : 60 + ((id * 37.5) % 400),
  }));
const readingsOf = (seconds: number) => {
  const moments = Array.from({ length: seconds + 1 }, (_, second) => second * 1000 - 700).filter((_, i) => i < 15 || i > 50);
  return moments.slice(1).map((atMs, index) => ({ previousMs: moments[index] ?? 0, atMs }));
};

async function load(database: Database, seconds: number): Promise<WorkTables> {
  const intervals = await database.tableOf(
    "intervals",
    { previous_ms: "DOUBLE", at_ms: "DOUBLE" },
    readingsOf(seconds).map(({ previousMs, atMs }) => [previousMs, atMs]),
  );
  const requests = await database.tableOf(
    "made_requests",
    { id: "INTEGER", value: "DOUBLE", start_ms: "DOUBLE" },
    requestsOf(seconds).map(({ id, startMs, ms }) => [id, ms, startMs]),
  );
  const ofArm = sql`0 as run, 'baseline' as arm`;
  return {
    growth: await database.table("growth", sql`select ${ofArm}, 'odoo_cpu_ms' as name, previous_ms, at_ms from ${intervals}`),
    requests: await database.table(
      "requests",
      sql`select id, ${ofArm}, 'request_python_ms' as name, value, start_ms, start_ms + value as at_ms, 'shop/page' as step
      from ${requests}`,
    ),
    retried: await database.table("retried", sql`select 11 as id, 1.0::DOUBLE as times`),
    cold: await database.table("cold_requests", sql`select 0 as id`),
    blocks: await database.tableOf(
      "blocks",
      { run: "INTEGER", block: "INTEGER", from_ms: "DOUBLE", to_ms: "DOUBLE" },
      Array.from({ length: seconds / 20 }, (_, block) => [0, block, block * 20_000, (block + 1) * 20_000]),
    ),
  };
}

/** The same by going through all requests between each two readings. */
function naive(seconds: number): number[] {
  const requests = requestsOf(seconds);
  const usual = requests.filter(({ id }) => id !== 0 && id !== 11);
  const mean = usual.reduce((sum, { ms }) => sum + ms, 0) / usual.length;
  const overlap = (one: readonly [number, number], other: readonly [number, number]) =>
    Math.max(0, Math.min(one[1], other[1]) - Math.max(one[0], other[0]));
  const works = Array.from({ length: seconds / 20 }, () => 0);
  for (const { previousMs, atMs } of readingsOf(seconds)) {
    const work = requests.reduce((sum, { id, startMs, ms }) => {
      const cost = mean * (id === 11 ? 2 : 1);
      return sum + (cost * overlap([startMs, startMs + ms], [previousMs, atMs])) / ms;
    }, 0);
    for (const block of works.keys()) {
      const part = overlap([previousMs, atMs], [block * 20_000, (block + 1) * 20_000]) / (atMs - previousMs);
      works[block] = (works[block] ?? 0) + work * part;
    }
  }
  return works;
}

async function expectedWork(seconds: number): Promise<{ works: number[]; met: number }> {
  return withDatabase(async (database) => {
    const tables = await load(database, seconds);
    const { groups } = await readExpectedWork(database, tables, ["odoo_cpu_ms"]);
    const buckets = await loadWorkBuckets(database, tables, ["odoo_cpu_ms"]);
    const [pairs] = await database.rows(sql`select count(*) as met from ${joinedBuckets(buckets)}`, { met: number });
    return { works: groups.map(({ work }) => work), met: pairs?.met ?? 0 };
  });
}

test("work between readings is that of all requests in it, however long they or the pauses are, and each counts once", async () => {
  const { works } = await expectedWork(120);
  expect(works).toEqual(naive(120).map((work) => expect.closeTo(work, 6)));
});

test("four times the load is four times the pairs that are looked at, and not sixteen times", async () => {
  const [short, long] = [await expectedWork(300), await expectedWork(1200)];
  expect(long.met).toBeLessThan(5 * short.met);
  expect(long.works.length).toBe(60);
});
