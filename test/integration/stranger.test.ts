import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createBundle } from "../../src/bundle/run/writer.ts";
import { type Arm, ARMS } from "../../src/domain/arm.ts";
import type { ArmEndpoint } from "../../src/domain/target/target.ts";
import { openRunningLab, type RunningLab } from "../../src/lab/services/running-lab.ts";
import { callPeakproof } from "./call-peakproof.ts";
import { useLab } from "./lab.ts";

/** These tests are a mistake that a user may make: the config names a server that nobody allowed to be loaded. */
const lab = useLab();
let running: RunningLab;
let endpoints: Readonly<Record<Arm, ArmEndpoint>>;
let folder = "";

beforeAll(async () => {
  const { baseline, candidate } = (await lab.prepare({ baseline: "1.0", candidate: "1.0" })).target.arms;
  if (baseline === undefined || candidate === undefined) throw new Error("the lab prepared less than two arms");
  endpoints = { baseline, candidate };
  running = await openRunningLab(lab.options);
  folder = mkdtempSync(join(tmpdir(), "peakproof-stranger-"));
  writeConfig("seen.yaml", true);
  writeConfig("blind.yaml", false);
  await leaveBundle();
  for (const arm of ARMS) {
    await change(arm, "delete from ir_config_parameter where key = 'peakproof.marker'");
    await running.withDatabase(endpoints[arm].database, (client) => client.query("vacuum"));
  }
  // Whatever is written from now on was written by somebody's command.
  await running.admin("alter system set autovacuum = off", "select pg_reload_conf()", "checkpoint");
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** change writes to an arm's database and tells its workers that what they remember of it is out of date. */
async function change(arm: Arm, sql: string): Promise<void> {
  await running.withDatabase(endpoints[arm].database, async (client) => {
    await client.query(sql);
    await client.query("select nextval('base_cache_signaling')");
  });
}

/** The config of a server, with connections to its databases or without. */
function writeConfig(name: string, hasConnections: boolean): void {
  const arms = ARMS.map((arm) => {
    const { baseUrl, database, login } = endpoints[arm];
    const dsn = { probeDsnEnv: `PROBE_${arm.toUpperCase()}`, invariantsDsnEnv: `INVARIANTS_${arm.toUpperCase()}` };
    return [arm, { url: baseUrl, database, login, passwordEnv: "SHOP_PASSWORD", ...(hasConnections ? dsn : {}) }];
  });
  const config = {
    target: {
      name: "somebody's shop",
      allowed: ARMS.map((arm) => new URL(endpoints[arm].baseUrl).host),
      arms: Object.fromEntries(arms),
    },
    workload: { load: "60s", warmup: "5s", "order-import": { ordersPerMinute: 30, linesPerOrder: 3 } },
  };
  // JSON is YAML.
  writeFileSync(join(folder, name), JSON.stringify(config, null, 2));
}

/** leaveBundle makes what a run of both arms leaves that was killed before it had a plan. */
async function leaveBundle(): Promise<void> {
  await createBundle(join(folder, "killed"), {
    runId: "000101-0000-abc",
    target: "somebody's shop",
    arms: ARMS,
    schedule: { kind: "duet" },
    releases: {},
    workload: null,
    workloadHash: null,
    k6Version: null,
    seed: 1,
    loadStartMs: Date.now(),
    warmupMs: 0,
    settings: {},
  });
}

async function peakproof(args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const { code, out, err } = await callPeakproof(args, {
    folder,
    environment: {
      SHOP_PASSWORD: endpoints.baseline.password,
      PROBE_BASELINE: endpoints.baseline.probeDsn ?? "",
      PROBE_CANDIDATE: endpoints.candidate.probeDsn ?? "",
      INVARIANTS_BASELINE: endpoints.baseline.invariantsDsn ?? "",
      INVARIANTS_CANDIDATE: endpoints.candidate.invariantsDsn ?? "",
    },
  });
  return { code, said: `${out}${err}` };
}

/** Position is where the server's log of changes ends, and the number that its next writing transaction will get. */
interface Position {
  readonly lsn: string;
  readonly transaction: number;
}

/** position reads without writing: neither figure moves by being looked at. */
function position(): Promise<Position> {
  return running.withDatabase("postgres", async (client) => {
    const { rows } = await client.query<Position>(
      `select pg_current_wal_insert_lsn()::text as lsn, pg_snapshot_xmax(pg_current_snapshot())::text::int as transaction`,
    );
    if (rows[0] === undefined) throw new Error("the server tells no position");
    return rows[0];
  });
}

/** PostgreSQL's background writer logs a snapshot up to 15 s after the last change (bgwriter.c); after that nothing moves by itself. */
const STILL_MS = 20_000;

/** stillPosition waits until nothing has moved for so long that nothing will. */
async function stillPosition(): Promise<Position> {
  let [last, sinceMs] = [await position(), performance.now()];
  const endMs = sinceMs + 10 * STILL_MS;
  while (performance.now() < sinceMs + STILL_MS) {
    if (performance.now() > endMs) throw new Error("the server is being written to all the time");
    await sleep(500);
    const now = await position();
    if (now.lsn !== last.lsn) [last, sinceMs] = [now, performance.now()];
  }
  return last;
}

/** written lists the tables of an arm that hold rows of a transaction from a position on, with their number. */
function written(arm: Arm, { transaction }: Position): Promise<readonly string[]> {
  return running.withDatabase(endpoints[arm].database, async (client) => {
    const { rows } = await client.query<{ found: string }>(
      `select name || ' ' || number as found from (
         select c.relname as name, (xpath('/row/number/text()', query_to_xml(
           format('select count(*) as number from public.%I where xmin::text::bigint >= %s', c.relname, $1::int), false, true, '')))[1]::text as number
         from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace) counted
       where number <> '0' order by 1`,
      [transaction],
    );
    return rows.map(({ found }) => found);
  });
}

const REFUSAL = /does not (?:allow load tests|let \S+ read whether it allows load tests)/;

const LOADING = [
  { what: "run", args: ["run", "--release", "live", "--out", "never"] },
  { what: "campaign", args: ["campaign", "--baseline", "a", "--candidate", "b", "--load", "60s", "--out", "never"] },
  { what: "calibrate", args: ["calibrate", "--release", "live"] },
  { what: "cleanup", args: ["cleanup", "killed"] },
];

describe("a database without the marker, with a connection to it", () => {
  let before: Position;

  beforeAll(async () => {
    before = await stillPosition();
  });

  test.each(LOADING)("$what ends with 2, and not one byte is written", async ({ args }) => {
    const { code, said } = await peakproof([...args, "--config", "seen.yaml"]);
    expect(said).toMatch(REFUSAL);
    expect({ code, ...(await position()) }).toEqual({ code: 2, ...before });
  });

  test("the doctor says so, and writes nothing either", async () => {
    const { code, said } = await peakproof(["doctor", "--config", "seen.yaml"]);
    expect(said).toMatch(REFUSAL);
    expect({ code, ...(await position()) }).toEqual({ code: 4, ...before });
  });
});

describe("a database without the marker that can only be asked through Odoo", () => {
  test.each(LOADING)("$what ends with 2; its login is all that was written", async ({ args }) => {
    const before = await position();
    const { code, said } = await peakproof([...args, "--config", "blind.yaml"]);
    expect(said).toMatch(REFUSAL);
    expect({ code, written: await written("baseline", before) }).toEqual({ code: 2, written: ["res_users_log 1"] });
    expect(await written("candidate", before)).toEqual([]);
    expect((await position()).transaction - before.transaction).toBe(1);
  });

  test("nor does one load it by a user who may not see the marker", async () => {
    await change("baseline", "delete from ir_model_access where name = 'peakproof marker'");
    const before = await position();
    const { code, said } = await peakproof(["run", "--release", "live", "--out", "never", "--config", "blind.yaml"]);
    expect(said).toMatch(/does not let \S+ read whether it allows load tests/);
    expect({ code, written: await written("baseline", before) }).toEqual({ code: 2, written: ["res_users_log 1"] });
  });
});
