import { beforeAll, describe, expect, test } from "vitest";

import { ARMS } from "../../src/domain/arm.ts";
import { HarnessError } from "../../src/domain/error.ts";
import { SCENARIO_NAMES } from "../../src/domain/load/plan.ts";
import type { Reading } from "../../src/domain/reading.ts";
import type { ArmEndpoint } from "../../src/domain/target/target.ts";
import { readShop } from "../../src/execution/shop-target.ts";
import { labStatus, labUp } from "../../src/lab/lab-up.ts";
import { type PreparedArms, stopArms } from "../../src/lab/prepare-arms.ts";
import { runSqlAsSuperuser } from "../../src/lab/services/postgres.ts";
import { openRunningLab, type RunningLab } from "../../src/lab/services/running-lab.ts";
import { readMarker } from "../../src/odoo/checks/loadable.ts";
import { requireNeutralDatabase } from "../../src/odoo/checks/neutral.ts";
import { withInvariantsConnection } from "../../src/odoo/connection/database.ts";
import { checkInvariants, snapshotInvariants } from "../../src/odoo/invariants/check-invariants.ts";
import { shopRules } from "../../src/odoo/invariants/shop-rules.ts";
import { readColumns, shopSchema } from "../../src/odoo/invariants/shop-schema.ts";
import { createProbes } from "../../src/probe/create-probes.ts";
import { checkTarget } from "../../src/probe/inspect-target.ts";
import { backlogProbe } from "../../src/probe/postgres/backlog.ts";
import { inspectReads } from "../../src/probe/postgres/inspect-reads.ts";
import { rolesScript } from "../../src/probe/postgres/roles-script.ts";
import { inspectProbeCosts } from "../../src/probe/probe-costs.ts";
import { startSampler } from "../../src/probe/sampling/sampler.ts";
import { COLUMNS_BY_VERSION } from "../odoo/invariants/columns-by-version.ts";
import { useLab } from "./lab.ts";
import { NEWER } from "./newer-columns.ts";
import { type Breach, BREACHES } from "./planted-breaches.ts";

const lab = useLab();
let prepared: PreparedArms;
let running: RunningLab;

beforeAll(async () => {
  prepared = await lab.prepare({ baseline: "1.0", candidate: "1.1" });
  running = await openRunningLab(lab.options);
});

function endpointOf(arm: "baseline" | "candidate"): ArmEndpoint {
  const endpoint = prepared.target.arms[arm];
  if (endpoint === undefined) throw new Error(`no ${arm}`);
  return endpoint;
}

async function failureOf(work: () => Promise<unknown>): Promise<HarnessError> {
  const error: unknown = await work().then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof HarnessError) return error;
  throw new Error(`expected a HarnessError, got ${String(error)}`);
}

describe("the lab", () => {
  test("starting it again changes nothing", async () => {
    const before = await labStatus(lab.options);
    await labUp(lab.options);
    expect(await labStatus(lab.options)).toEqual(before);
    expect(before.health).toBe("up");
  });

  test("both arms hold the same shop", async () => {
    const { data, capabilities } = await readShop(prepared.target, SCENARIO_NAMES);
    expect(data.products.length).toBeGreaterThanOrEqual(500);
    expect(data.partners.length).toBeGreaterThanOrEqual(200);
    expect(data.stockLocations.length).toBeGreaterThanOrEqual(2);
    expect(data.pickings.length).toBeGreaterThanOrEqual(900);
    expect(data.store.tills).toHaveLength(2);
    expect(data.store.products.length).toBeGreaterThanOrEqual(30);
    expect(capabilities).toEqual({
      api: "session",
      cart: "form",
      address: "page",
      delivery: "none",
      confirm: "step",
      payment: "acquirer",
      simulator: "test",
      storable: "type",
      stockCount: "adjustment",
      reserved: "product_uom_qty",
      picking: "qty-done",
      storeOrders: "create-from-ui",
      tillClosing: "button",
    });
  });
});

describe("the probes", () => {
  test("read every part of the stack, each arm by itself, without a failure", async () => {
    const readings: Reading[] = [];
    const { probes, missing } = createProbes(prepared.target, {
      loaderPid: () => null,
      otherPids: {},
      everyMs: 300,
      statementsEveryMs: 300,
    });
    const sampler = await startSampler(probes, { sink: (batch) => void readings.push(...batch) });
    for (const arm of ARMS) await fetch(`${endpointOf(arm).baseUrl}/shop`).then((response) => response.text());
    const records = await sampler.stop();
    expect(missing).toEqual([]);
    expect(records.map(({ name, failures, lastFailure }) => ({ name, failures, lastFailure }))).toEqual(
      records.map(({ name }) => ({ name, failures: 0, lastFailure: null })),
    );
    for (const name of [
      "commits",
      "statements_total",
      "wal_bytes_total",
      "odoo_cpu_ms",
      "postgres_cpu_ms",
      "request_statements",
      "response_bytes",
      "odoo_masters",
      "cron_jobs",
      "database_bytes",
      "live_rows",
      "odoo_workers",
      "logged_requests",
      "pickings_waiting",
      "mails_waiting",
      "cron_lateness_s",
      "registry_signals",
    ]) {
      const arms = new Set(readings.filter((reading) => reading.name === name).map(({ arm }) => arm));
      expect({ name, hasBoth: ARMS.every((arm) => arms.has(arm)) }).toEqual({ name, hasBoth: true });
    }
    for (const name of ["cpu_busy_ms", "clock_drift_ms", "keys", "server_run", "checkpoints", "server_setting", "replicas"]) {
      expect({ name, found: readings.some((reading) => reading.name === name) }).toEqual({ name, found: true });
    }
  });
});

describe("the doctor", () => {
  test("tells what each probe costs, and of those that ask PostgreSQL how long it worked", async () => {
    const findings = await inspectProbeCosts(prepared.target);
    const { probes } = createProbes(prepared.target, { loaderPid: () => null, otherPids: {} });
    expect(findings.map(({ name }) => name)).toEqual(probes.map(({ name }) => `cost-${name}`));
    expect(findings.filter(({ text }) => !/^\d+ readings in [\d.]+ ms .*[\d.]+ ms of PostgreSQL's time/.test(text))).toEqual([]);
    const asking = findings.filter(({ name }) => /^cost-(?:postgres|backlog)/.test(name));
    expect(asking.filter(({ text }) => / 0\.00 ms of PostgreSQL/.test(text))).toEqual([]);
  });
});

describe("before any load, with a remedy", () => {
  test("a wrong password", async () => {
    const target = { ...prepared.target, arms: { baseline: { ...endpointOf("baseline"), password: "wrong" } } };
    expect(await failureOf(() => readShop(target, ["order-import"]))).toMatchObject({ code: "cannot-measure" });
  });

  test("a server that does not answer", async () => {
    const target = { ...prepared.target, arms: { baseline: { ...endpointOf("baseline"), baseUrl: "http://127.0.0.1:9" } } };
    expect(await failureOf(() => readShop(target, ["order-import"]))).toMatchObject({ code: "cannot-measure" });
  });

  test("a module that is not installed is named", async () => {
    const setState = (state: string) =>
      running.withDatabase(endpointOf("candidate").database, (client) =>
        client.query("update ir_module_module set state = $1 where name = 'stock_picking_batch'", [state]),
      );
    await setState("uninstalled");
    const failure = await failureOf(() => readShop(prepared.target, ["picking-wave"]));
    await setState("installed");
    expect(failure.code).toBe("cannot-measure");
    expect(failure.message).toContain("stock_picking_batch");
  });

  test("a database without the marker is refused, and not one byte is written to it", async () => {
    const { database } = endpointOf("candidate");
    const setMarker = (value: string) =>
      running.withDatabase(database, (client) =>
        client.query("update ir_config_parameter set value = $1 where key = 'peakproof.marker'", [value]),
      );
    const writes = () =>
      running.withDatabase(database, async (client) => {
        const { rows } = await client.query<{ logins: string }>("select count(*)::text as logins from res_users_log");
        return rows[0]?.logins;
      });
    await setMarker("no");
    const before = await writes();
    const target = { ...prepared.target, arms: { candidate: endpointOf("candidate") } };
    const failure = await failureOf(() => readShop(target, ["order-import"]));
    const after = await writes();
    await setMarker("allowed");
    expect(failure.code).toBe("usage");
    expect(after).toBe(before);
  });

  test("pg_stat_statements that is not there", async () => {
    const { database } = endpointOf("candidate");
    await running.withDatabase(database, (client) => client.query("drop extension pg_stat_statements"));
    const failure = await failureOf(() => checkTarget(prepared.target));
    await running.withDatabase(database, (client) => client.query("create extension pg_stat_statements"));
    expect(failure.code).toBe("cannot-measure");
    expect(`${failure.message} ${failure.hint}`).toContain("pg_stat_statements");
  });
});

describe("the printed roles", () => {
  test("read all that business rules and backlogs need, and nothing else", async () => {
    const database = "pp_least";
    await stopArms(lab.options);
    await running.admin(`drop database if exists ${database} with (force)`, `create database ${database} template pp_baseline`);
    // The lab's roles have their passwords, and nobody is there to be asked for new ones.
    const sql = rolesScript([database]).replaceAll(/^\\password .*$/gm, "");
    const port = lab.state().ports.postgres;
    const what = "Making the roles";
    await runSqlAsSuperuser(running.chroot, { port, database: "postgres", sql, what }, lab.options.signal);
    const dsn = (endpointOf("baseline").invariantsDsn ?? "").replace(/pp_baseline$/, database);

    const results = await checkInvariants(dsn, { arm: "baseline", ledger: [], snapshot: await snapshotInvariants(dsn) });
    expect(results.filter(({ status }) => status !== "intact")).toEqual([]);
    const readings = await backlogProbe("baseline", dsn, { everyMs: 1000 }).start(lab.options.signal);
    expect(readings.map(({ name }) => name)).toEqual(expect.arrayContaining(["pickings_waiting", "cron_lateness_s"]));
    expect(readings.filter(({ name }) => name === "backlog_unreadable")).toEqual([]);
    expect(await withInvariantsConnection(dsn, (client) => readMarker(client))).toBe("allowed");
    expect((await inspectReads("baseline", dsn)).filter(({ ok }) => !ok)).toEqual([]);
    for (const secret of ["select * from res_users", "select value from ir_config_parameter", "select street from res_partner"]) {
      await expect(withInvariantsConnection(dsn, (client) => client.query(secret))).rejects.toThrow(/permission denied/);
    }
  });
});

describe("the business rules", () => {
  const database = "pp_breach";

  beforeAll(() => stopArms(lab.options));

  test("are all put to the test", () => {
    const tried = new Set(BREACHES.flatMap(({ broken }) => broken));
    const rules = shopRules(shopSchema(new Set()));
    expect(rules.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });

  test.each(BREACHES)("find $name", async ({ made, sql, broken }) => {
    await running.admin(`drop database if exists ${database} with (force)`, `create database ${database} template pp_baseline`);
    const dsn = (endpointOf("baseline").invariantsDsn ?? "").replace(/pp_baseline$/, database);
    const snapshot = await snapshotInvariants(dsn);
    const plant = (statement: Breach["sql"]) =>
      running.withDatabase(database, async (client) => client.query(statement(await readColumns(client))));
    const findBroken = async () => {
      const results = await checkInvariants(dsn, { arm: "candidate", ledger: made?.ledger ?? [], snapshot });
      return results.flatMap(({ id, status }) => (status === "broken" ? [id] : [])).sort();
    };
    if (made !== undefined) await plant(made.sql);
    expect(await findBroken()).toEqual([]);
    await plant(sql);
    expect(await findBroken()).toEqual([...broken].sort());
  });
});

describe("the business rules in the columns of a newer Odoo", () => {
  const database = "pp_newer";

  test.each(NEWER)("$version: silent on a sound shop, and every breach is found", async ({ version, sql }) => {
    await running.admin(`drop database if exists ${database} with (force)`, `create database ${database} template pp_baseline`);
    await running.withDatabase(database, (client) => client.query(sql));
    const own = endpointOf("baseline").invariantsDsn ?? "";
    const dsn = own.replace(/pp_baseline$/, database);
    const snapshot = await snapshotInvariants(dsn);
    expect(snapshot.broken).toEqual((await snapshotInvariants(own)).broken);
    const columns = await running.withDatabase(database, readColumns);
    const tables = new Set([...columns].map((column) => column.split(".")[0]));
    const recorded = [...(COLUMNS_BY_VERSION[version] ?? [])].filter((column) => tables.has(column.split(".")[0]));
    expect(recorded.filter((column) => !columns.has(column))).toEqual([]);
    const check = () => checkInvariants(dsn, { arm: "candidate", ledger: [], snapshot });
    expect((await check()).filter(({ status }) => status !== "intact")).toEqual([]);
    // The others are about a run's ledger, and would stand in each other's way.
    const breaches = BREACHES.filter(({ made }) => made === undefined);
    await running.withDatabase(database, async (client) => {
      for (const breach of breaches) await client.query(breach.sql(columns));
    });
    const broken = (await check()).filter(({ status }) => status === "broken").map(({ id }) => id);
    expect(broken.toSorted()).toEqual([...new Set(breaches.flatMap((breach) => breach.broken))].toSorted());
  });

  test("a payment provider that takes money is refused by its name in one of many languages", async () => {
    const account = endpointOf("baseline");
    const dsn = (account.invariantsDsn ?? "").replace(/pp_baseline$/, database);
    const first = "(select min(id) from payment_provider)";
    const sql = `update payment_provider set state = case when id = ${first} then 'enabled' else 'test' end`;
    await running.withDatabase(database, (client) => client.query(sql));
    const failure = await failureOf(() => requireNeutralDatabase(dsn, account));
    expect(failure.message).toMatch(/payment provider "[A-Z][^"{]+" \(id \d+\) is enabled/);
    expect(failure.message).not.toContain("Anbieter");
  });
});
