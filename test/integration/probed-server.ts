import { Client } from "pg";
import { vi } from "vitest";

import type { ProbeRecord } from "../../src/domain/load/run.ts";
import type { Reading } from "../../src/domain/reading.ts";
import { INVARIANTS_ROLE, PROBE_ROLE } from "../../src/domain/target/database-access.ts";
import type { ArmEndpoint, Target } from "../../src/domain/target/target.ts";
import { postgresUrl } from "../../src/lab/services/postgres.ts";
import { createProbes } from "../../src/probe/create-probes.ts";
import { startSampler } from "../../src/probe/sampling/sampler.ts";

/** ProbedServer is a PostgreSQL server with a small database of tables that Odoo has. */
export interface ProbedServer {
  readonly port: number;
  readonly passwords: Readonly<Record<"postgres" | "odoo" | "probe" | "invariants", string>>;
  /** Connects to a database as superuser. */
  withDatabase<Result>(database: string, work: (client: Client) => Promise<Result>): Promise<Result>;
  /** Runs a psql script as superuser. */
  psql(script: string): Promise<void>;
}

/** SHOP_SQL makes those tables of Odoo that the backlog probe reads, with as little in them as shows that each of them was read. */
export const SHOP_SQL = `
create table sale_order (id serial primary key, state text, create_date timestamp);
insert into sale_order (state, create_date) select 'sale', now() at time zone 'UTC' from generate_series(1, 1000);
create table stock_picking (id serial primary key, state text);
insert into stock_picking (state) values ('assigned'), ('waiting'), ('confirmed'), ('done');
create table mail_mail (id serial primary key, state text, create_date timestamp);
insert into mail_mail (state, create_date) values ('outgoing', now() at time zone 'UTC'), ('exception', null), ('sent', null);
create table queue_job (state text, eta timestamp, date_created timestamp);
insert into queue_job values ('pending', null, now() at time zone 'UTC'), ('failed', null, null), ('done', null, null);
create table ir_cron (id serial primary key, active boolean, nextcall timestamp);
insert into ir_cron (active, nextcall) values (true, '2001-01-01'), (true, '2999-01-01'), (false, '2001-01-01');
create table ir_config_parameter (key text, value text);
insert into ir_config_parameter values ('peakproof.marker', 'allowed'), ('database.secret', 'x');
create sequence base_registry_signaling;
create sequence base_cache_signaling;
`;

/** endpointOf names a database of the server as the arm of a target. Its Odoo is never asked. */
export function endpointOf({ port, passwords }: ProbedServer, database: string): ArmEndpoint {
  return {
    baseUrl: "http://127.0.0.1:9",
    database,
    login: "nobody",
    password: "none",
    probeDsn: postgresUrl(PROBE_ROLE, passwords.probe, port, database),
    invariantsDsn: postgresUrl(INVARIANTS_ROLE, passwords.invariants, port, database),
    odooLog: null,
    odooPids: [],
    traefikService: null,
  };
}

export interface Watched {
  readonly readings: readonly Reading[];
  readonly records: readonly ProbeRecord[];
}

/** watch lets all probes of PostgreSQL look at a database while some work is done there. */
export async function watch(endpoint: ArmEndpoint, work: (seen: Seen) => Promise<void>): Promise<Watched> {
  const target: Target = { name: "one server", arms: { baseline: endpoint }, redisUrl: null, traefikMetricsUrl: null };
  const every = { everyMs: 200, statementsEveryMs: 200, slowEveryMs: 200 };
  const { probes } = createProbes(target, { loaderPid: () => null, otherPids: {}, ...every });
  const readings: Reading[] = [];
  const sampler = await startSampler(
    probes.filter(({ name }) => name !== "host"),
    { sink: (batch) => void readings.push(...batch) },
  );
  try {
    await work((name, wanted, labels = {}) =>
      vi.waitFor(
        () => {
          const told = readings.filter((each) => each.name === name && holds(each.labels, labels));
          const [first, last] = [told[0], told.at(-1)];
          if (first === undefined || last === undefined || !wanted(last.value, first.value)) {
            throw new Error(`${name} ${JSON.stringify(labels)} is ${last?.value ?? "not told"}`);
          }
        },
        { timeout: 30_000, interval: 50 },
      ),
    );
  } finally {
    await sampler.stop();
  }
  return { readings, records: await sampler.stop() };
}

/** Seen waits until what a probe tells last is wanted; `first` is what it told at the beginning. */
type Seen = (name: string, wanted: (last: number, first: number) => boolean, labels?: Reading["labels"]) => Promise<void>;

/** is wants one value. */
export function is(value: number): (last: number) => boolean {
  return (last) => last === value;
}

function holds(labels: Reading["labels"], wanted: Reading["labels"]): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/**
 * disturb does what the probes must see: a transaction that keeps another waiting, an index that cannot be built because of it, a copy,
 * the session of a backup, a slot that nobody reads, ten statements and a checkpoint.
 */
export async function disturb(
  server: ProbedServer,
  database: string,
  options: { hasCopies: boolean; seen: Seen },
): Promise<void> {
  const { seen, hasCopies } = options;
  const open: Client[] = [];
  const connect = async (user: "odoo" | "postgres", name: string): Promise<Client> => {
    const url = postgresUrl(user, server.passwords[user], server.port, database);
    const client = new Client({ connectionString: url, application_name: name });
    // It is cut off at the end, in the middle of what it does.
    client.on("error", () => {});
    await client.connect();
    open.push(client);
    return client;
  };
  const begin = async (user: "odoo" | "postgres", name: string, sql: string): Promise<void> => {
    const client = await connect(user, name);
    client.query(sql).catch(() => {});
  };
  const holder = await connect("odoo", "holder");
  for (let count = 0; count < 10; count += 1) await holder.query("select count(*) from sale_order where id = $1", [count]);
  await holder.query("begin; update sale_order set state = 'done' where id = 1");
  await begin("odoo", "waiter", "update sale_order set state = 'done' where id = 1");
  await begin("odoo", "builder", "create index concurrently on sale_order (state)");
  await begin("postgres", "copier", "copy (select pg_sleep(600)) to '/dev/null'");
  await connect("postgres", "pg_dump");
  await seen("locks_waiting", is(2));
  await seen("maintenance", is(1), { kind: "create_index", by: "odoo" });
  await seen("maintenance", is(1), { kind: "logical_backup", by: "other" });
  if (hasCopies) await seen("maintenance", is(1), { kind: "copy", by: "other" });
  await server.withDatabase(database, async (client) => {
    await client.query("select pg_create_physical_replication_slot('nobody_reads', true)");
    await seen("replication_slots_inactive", is(1));
    await client.query("checkpoint");
    await seen("checkpoints", (last, first) => last > first);
    await client.query("select pg_drop_replication_slot('nobody_reads')");
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = any($1)", [
      ["holder", "waiter", "builder", "copier", "pg_dump"],
    ]);
  });
  await seen("sessions", is(0));
  for (const client of open) await client.end().catch(() => {});
}
