import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import type { Reading } from "../../src/domain/reading.ts";
import { INVARIANTS_ROLE, PROBE_ROLE } from "../../src/domain/target/database-access.ts";
import { inChroot } from "../../src/lab/machine/chroot.ts";
import { runCommand, SYSTEM_PATH } from "../../src/lab/machine/run-command.ts";
import { runSqlAsSuperuser } from "../../src/lab/services/postgres.ts";
import { openRunningLab, type RunningLab } from "../../src/lab/services/running-lab.ts";
import { checkTarget } from "../../src/probe/inspect-target.ts";
import { inspectPostgres } from "../../src/probe/postgres/inspect-postgres.ts";
import { inspectReads } from "../../src/probe/postgres/inspect-reads.ts";
import { rolesScript } from "../../src/probe/postgres/roles-script.ts";
import { useLab } from "./lab.ts";
import { type NpmPostgres, startNpmPostgres } from "./npm-postgres.ts";
import { disturb, endpointOf, is, type ProbedServer, SHOP_SQL, watch, type Watched } from "./probed-server.ts";

/** These tests hold the probes against real servers of three majors: the lab's own 13, and two newer ones. */
const lab = useLab();
const DATABASE = "pp_majors";
const MAJORS = [13, 16, 18] as const;
type Major = (typeof MAJORS)[number];

let running: RunningLab;
const started: NpmPostgres[] = [];
const servers = new Map<Major, ProbedServer>();
const watched = new Map<Major, Watched>();

beforeAll(async () => {
  running = await openRunningLab(lab.options);
  servers.set(13, labServer(running));
  for (const major of [16, 18] as const) {
    const server = await startNpmPostgres(major);
    started.push(server);
    servers.set(major, await npmServer(server));
  }
  for (const [major, server] of servers) {
    await makeShop(server, DATABASE);
    watched.set(
      major,
      await watch(endpointOf(server, DATABASE), (seen) => disturb(server, DATABASE, { hasCopies: major >= 14, seen })),
    );
  }
});

afterAll(async () => {
  for (const server of started) await server.stop();
});

function labServer(from: RunningLab): ProbedServer {
  const { chroot, state, secrets } = from;
  const port = state.ports.postgres;
  const { postgres, odoo, probe, invariants } = secrets;
  return {
    port,
    passwords: { postgres, odoo, probe, invariants },
    withDatabase: (database, work) => from.withDatabase(database, work),
    async psql(sql) {
      await runSqlAsSuperuser(chroot, { port, database: "postgres", sql, what: "psql" }, lab.options.signal);
    },
  };
}

/** The package has no psql of its own; the lab's speaks to newer servers too. */
async function npmServer(from: NpmPostgres): Promise<ProbedServer> {
  const { port, password } = from;
  await from.withDatabase("postgres", (client) => client.query(`create role odoo login password '${password}'`));
  const words = ["psql", "-h", "127.0.0.1", "-p", String(port), "-U", "postgres", "-d", "postgres", "-qX", "-f", "-"];
  const environment = { PATH: SYSTEM_PATH, PGPASSWORD: password };
  return {
    port,
    passwords: { postgres: password, odoo: password, probe: password, invariants: password },
    withDatabase: (database, work) => from.withDatabase(database, work),
    async psql(input) {
      const options = { signal: lab.options.signal, timeoutMs: 60_000, hint: "", environment, input };
      await runCommand("psql", inChroot(running.chroot, "postgres", words), options);
      await from.withDatabase("postgres", async (client) => {
        for (const role of [PROBE_ROLE, INVARIANTS_ROLE]) await client.query(`alter role ${role} password '${password}'`);
      });
    },
  };
}

/** makeShop makes a database of Odoo's role, and the roles by the script that the doctor prints. Nobody is there to be asked for passwords. */
async function makeShop(server: ProbedServer, database: string): Promise<void> {
  await server.withDatabase("postgres", (client) => client.query(`create database ${database} owner odoo`));
  await server.withDatabase(database, async (client) => {
    await client.query(`grant all on schema public to odoo; set role odoo; ${SHOP_SQL}`);
  });
  // A session of its own: what one session inserts it may count after its own vacuum has counted it already.
  await server.withDatabase(database, async (client) => {
    await client.query("vacuum analyze");
    // Until 14 counters reach their reader by a process of their own, a moment later.
    await vi.waitFor(async () => {
      const { rows } = await client.query("select relname from pg_stat_user_tables where last_vacuum is null");
      expect(rows).toEqual([]);
    }, 10_000);
  });
  await server.psql(rolesScript([database]).replaceAll(/^\\password .*$/gm, ""));
}

function serverOf(major: Major): ProbedServer {
  const server = servers.get(major);
  if (server === undefined) throw new Error(`no server of ${major}`);
  return server;
}

function readingsOf(major: Major): readonly Reading[] {
  return watched.get(major)?.readings ?? [];
}

/** What a figure is of, as far as it is the same on every server: tables and statements are not. */
const TELLING = new Set(["kind", "name", "type"]);

/** namesOf lists what was told. Autovacuum comes when it likes, and so does a probe's being late. */
function namesOf(major: Major): readonly string[] {
  const names = readingsOf(major)
    .filter(({ name, labels }) => labels["by"] !== "server" && name !== "probe_lag_ms")
    .map(({ name, labels }) => {
      const words = Object.entries(labels).map(([key, value]) => (TELLING.has(key) ? `${key}=${value}` : key));
      return [name, ...words.sort()].join(" ");
    });
  return [...new Set(names)].sort();
}

/** What later majors tell beyond 13, by the one that began with it. Nothing that 13 tells is missing from them. */
const TOLD_FROM: readonly { readonly major: number; readonly why: string; readonly names: readonly string[] }[] = [
  {
    major: 14,
    why: "pg_stat_database counts sessions",
    names: [
      "session_active_ms",
      "session_idle_in_transaction_ms",
      "sessions_abandoned",
      "sessions_fatal",
      "sessions_killed",
      "sessions_started",
    ],
  },
  { major: 14, why: "pg_stat_wal", names: ["wal_buffers_full", "wal_full_pages", "wal_records"] },
  { major: 14, why: "pg_stat_progress_copy", names: ["maintenance by kind=copy"] },
  {
    major: 16,
    why: "pg_stat_io",
    names: ["evictions", "extend_bytes", "fsyncs", "read_bytes", "read_ms", "write_bytes", "write_ms"].map(
      (name) => `io_${name} backend`,
    ),
  },
];

describe.each(MAJORS)("PostgreSQL %i", (major) => {
  test("is what it says", () => {
    const version = readingsOf(major).find(({ labels }) => labels["name"] === "server_version")?.labels["setting"];
    expect(version?.split(".")[0]).toBe(String(major));
  });

  test("is read by every probe, by roles of the printed script, without a failure", () => {
    expect(watched.get(major)?.records.map(({ name, failures, lastFailure }) => ({ name, failures, lastFailure }))).toEqual(
      ["postgres", "postgres-statements", "postgres-server", "backlog-baseline"].map((name) => ({
        name,
        failures: 0,
        lastFailure: null,
      })),
    );
    expect(readingsOf(major).filter(({ name }) => name === "backlog_unreadable")).toEqual([]);
  });

  test("leaves the doctor without a complaint", async () => {
    const { probeDsn, invariantsDsn } = endpointOf(serverOf(major), DATABASE);
    const findings = [
      ...(await inspectPostgres("baseline", { dsn: probeDsn ?? "", database: DATABASE })),
      ...(await inspectReads("baseline", invariantsDsn ?? "")),
    ];
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  });

  test("tells what 13 tells, and beyond that what is listed", () => {
    const more = TOLD_FROM.filter((each) => each.major <= major).flatMap(({ names }) => names);
    const of13 = namesOf(13);
    expect(of13.length).toBeGreaterThan(80);
    expect(more.filter((name) => of13.includes(name) && major !== 13)).toEqual([]);
    expect(namesOf(major)).toEqual([...of13, ...more].sort());
  });

  test("tells the same of the same work", () => {
    const values = (name: string) => readingsOf(major).flatMap((reading) => (reading.name === name ? [reading.value] : []));
    const grown = (name: string) => (values(name).at(-1) ?? 0) - (values(name)[0] ?? 0);
    const use = (name: string) => {
      const text = "select count(*) from sale_order where id = $n";
      return readingsOf(major).findLast((each) => each.name === name && each.labels["statement"] === text)?.value;
    };
    const last = (name: string) => values(name).at(-1);
    expect({
      locks: Math.max(...values("locks_waiting")),
      calls: use("statement_calls"),
      rows: use("statement_rows"),
      slots: Math.max(...values("replication_slots_inactive")),
      orders: readingsOf(major).find(({ name, labels }) => name === "live_rows" && labels["table"] === "sale_order")?.value,
      pickings: last("pickings_waiting"),
      mails: [last("mails_waiting"), last("mails_failed")],
      jobs: [last("jobs_waiting"), last("jobs_failed")],
      crons: last("crons_overdue"),
    }).toEqual({ locks: 2, calls: 10, rows: 10, slots: 1, orders: 1000, pickings: 3, mails: [1, 1], jobs: [1, 1], crons: 1 });
    for (const name of ["checkpoints", "wal_bytes", "statements_total", "exec_ms_total", "blocks_total", "commits"]) {
      expect({ name, grown: grown(name) > 0 }).toEqual({ name, grown: true });
    }
  });
});

describe.each([16, 18] as const)("a standby of PostgreSQL %i", (major) => {
  test("is seen by its primary, and can be watched itself", async () => {
    const index = [16, 18].indexOf(major);
    const standby = await started[index]?.startStandby();
    if (standby === undefined) throw new Error(`no server of ${major}`);
    try {
      const server = serverOf(major);
      const primary = await watch(endpointOf(server, DATABASE), (seen) => seen("replicas", is(1)));
      // A standby tells its delay from the first transaction on that it replays.
      await server.withDatabase(DATABASE, (client) => client.query("create table written_after_the_copy ()"));
      const follower = await watch(endpointOf({ ...server, port: standby.port }, DATABASE), (seen) =>
        seen("standby_delay_ms", (delayMs) => delayMs >= 0),
      );
      const failed = [...primary.records, ...follower.records].filter(({ failures }) => failures > 0);
      expect(failed).toEqual([]);
      const names = ({ readings }: Watched) => readings.map(({ name }) => name);
      expect(names(primary)).toEqual(expect.arrayContaining(["replication_lag_bytes"]));
      expect(names(primary)).not.toContain("standby_delay_ms");
      expect(names(follower)).toEqual(expect.arrayContaining(["wal_bytes", "pickings_waiting", "statements_total"]));
    } finally {
      await standby.stop();
    }
  });
});

describe.each(MAJORS)("a database of PostgreSQL %i without pg_stat_statements", (major) => {
  test("is refused before a load; a probe that loses it has that on its record, and the others go on", async () => {
    const server = serverOf(major);
    const database = "pp_without";
    await makeShop(server, database);
    await server.withDatabase(database, (client) => client.query("drop extension pg_stat_statements"));
    const endpoint = endpointOf(server, database);
    const target = { name: "one server", arms: { baseline: endpoint }, redisUrl: null, traefikMetricsUrl: null };
    await expect(checkTarget(target)).rejects.toThrow(/pg_stat_statements is not installed/);
    const { readings, records } = await watch(endpoint, (seen) => seen("pickings_waiting", is(3)));
    const failing = records.filter(({ failures }) => failures > 0);
    expect(failing.map(({ name, lastFailure }) => [name, lastFailure])).toEqual([
      ["postgres-statements", "pg_stat_statements does not exist in this database"],
    ]);
    expect(readings.filter(({ name }) => name.startsWith("statement"))).toEqual([]);
  });
});
