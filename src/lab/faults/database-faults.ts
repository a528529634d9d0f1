import type { Client } from "pg";

import {
  countRows,
  discardCandidateAfterwards,
  inCandidate,
  knobSettings,
  reconnectCandidate,
  requireKnobs,
} from "./candidate.ts";
import { type FaultScene, type LabFault, notInEffect } from "./fault.ts";

const INDEX = "sale_order_line_order_id_index";

const droppedIndex: LabFault = {
  id: "dropped-index",
  title: "The index that finds the lines of an order is missing",
  layer: "postgres",
  place: "the candidate's database; both arms have the same number of old order lines",
  unit: "old order lines",
  sizes: { small: 20_000, medium: 120_000, large: 400_000 },
  async inject(scene, amount) {
    for (const { database } of [scene.arms.baseline, scene.arms.candidate]) {
      await addHistory(scene, database, amount);
    }
    discardCandidateAfterwards(scene);
    const left = await inCandidate(scene, async (client) => {
      await client.query(`drop index ${INDEX}`);
      return (await client.query("select from pg_class where relname = $1", [INDEX])).rowCount;
    });
    await scene.lab.admin("checkpoint");
    if (left !== 0) throw notInEffect(`${INDEX} still exists`);
    return `the candidate's database has no ${INDEX} on ${amount} order lines`;
  },
};

const slowTrigger: LabFault = {
  id: "slow-trigger",
  title: "A trigger on order lines is slow",
  layer: "postgres",
  place: "the candidate's database",
  unit: "ms per order line",
  sizes: { small: 5, medium: 40, large: 150 },
  async inject(scene, amount) {
    discardCandidateAfterwards(scene);
    return inCandidate(scene, async (client) => {
      await client.query(`create function peakproof_drill_wait() returns trigger language plpgsql as
        $$ begin perform pg_sleep(${amount / 1000}); return null; end $$`);
      await client.query(`create trigger peakproof_drill_wait after insert on sale_order_line
        for each row execute function peakproof_drill_wait()`);
      const { rowCount } = await client.query("select from pg_trigger where tgname = 'peakproof_drill_wait' and tgenabled = 'O'");
      if (rowCount !== 1) throw notInEffect("the trigger does not exist or is not enabled");
      return `sale_order_line has a trigger that waits ${amount} ms`;
    });
  },
};

const tableBloat: LabFault = {
  id: "table-bloat",
  title: "A large import of orders was rolled back, and the table has not been vacuumed since",
  layer: "postgres",
  place: "the candidate's database",
  unit: "dead rows of 2 KB",
  sizes: { small: 100_000, medium: 400_000, large: 800_000 },
  async inject(scene, amount) {
    discardCandidateAfterwards(scene);
    const { pages, live } = await inCandidate(scene, async (client) => {
      // Without TOAST compression, four rows of this length fill a page.
      await client.query("alter table sale_order set (autovacuum_enabled = false), alter column note set storage plain");
      await copyRows(client, { table: "sale_order", count: amount, values: { note: "x".repeat(1700) }, keep: false });
      // The first read of a dead row sets its hint bits. Counting the rows does that for all of them.
      const { rows } = await client.query<{ pages: number; live: number }>(
        "select pg_relation_size('sale_order')::float8 / 8192 as pages, count(*)::float8 as live from sale_order",
      );
      return rows[0] ?? { pages: 0, live: 0 };
    });
    await scene.lab.admin("checkpoint");
    if (pages < amount / 6) throw notInEffect(`sale_order has only ${pages} pages`);
    return `sale_order has ${pages} pages for ${live} live rows`;
  },
};

const smallWorkMem: LabFault = {
  id: "small-work-mem",
  title: "work_mem is 64 kB, so that a report uses temporary files",
  layer: "postgres",
  place: "a setting of the candidate's database; both arms create the same small report for each new order",
  unit: "rows in the report",
  sizes: { small: 300, medium: 1200, large: 3000 },
  serve: async (_stage, amount) => ({ both: knobSettings({ REPORT_ROWS: amount }) }),
  async inject(scene, amount) {
    const proof = await requireKnobs(scene, { both: { REPORT_ROWS: amount }, candidate: {} });
    discardCandidateAfterwards(scene);
    const { database } = scene.arms.candidate;
    await scene.lab.admin(`alter database ${database} set work_mem = '64kB'`);
    await reconnectCandidate(scene);
    const setting = await inCandidate(
      scene,
      async (client) => (await client.query<{ work_mem: string }>("show work_mem")).rows[0],
    );
    const sessions = await countRows(scene, "select from pg_stat_activity where datname = $1 and usename = 'odoo'", [database]);
    if (setting?.work_mem !== "64kB" || sessions === 0) throw notInEffect(`work_mem is ${setting?.work_mem}`);
    return `${proof}; work_mem is 64kB in the candidate, whose Odoo has new connections`;
  },
};

/** DATABASE_FAULTS are changes inside the candidate's database. They disappear with the database. */
export const DATABASE_FAULTS: readonly LabFault[] = [droppedIndex, slowTrigger, tableBloat, smallWorkMem];

/** addHistory adds old order lines. They belong to one cancelled order with manual delivery, so no business rule checks them. */
async function addHistory({ lab }: FaultScene, database: string, lines: number): Promise<void> {
  await lab.withDatabase(database, async (client) => {
    const order = { name: "History", state: "cancel", client_order_ref: "history" };
    await copyRows(client, { table: "sale_order", count: 1, values: order, keep: true });
    const values = { order_id: -1, state: "cancel", qty_delivered_method: "manual", qty_delivered: 0 };
    await copyRows(client, { table: "sale_order_line", count: lines, values, keep: true });
  });
  // A new session is needed: the session that copied the rows reports its counts to the statistics later, and they would be added
  // to the counts that vacuum has set.
  await lab.withDatabase(database, (client) => client.query("vacuum analyze sale_order_line"));
}

/**
 * copyRows fills a table with copies of its first row. The copies get the ids -1, -2 and so on, and the given values. Triggers
 * and foreign key checks are off, so the copy is fast and the new rows may refer to each other. With `keep` false the transaction
 * is rolled back and leaves as many dead rows.
 */
async function copyRows(
  client: Client,
  copies: { table: string; count: number; values: Readonly<Record<string, string | number>>; keep: boolean },
): Promise<void> {
  const { table, count, values, keep } = copies;
  const { rows } = await client.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> 'id'",
    [table],
  );
  const columns = rows.map(({ name }) => client.escapeIdentifier(name));
  const sources = rows.map(({ name }) => {
    const value = values[name];
    if (value === undefined) return `first.${client.escapeIdentifier(name)}`;
    return typeof value === "number" ? String(value) : client.escapeLiteral(value);
  });
  await client.query("begin");
  await client.query("set local session_replication_role = replica");
  await client.query(`insert into ${table} (id, ${columns.join(", ")})
    select -number, ${sources.join(", ")}
    from (select * from ${table} where id > 0 order by id limit 1) first, generate_series(1, ${count}) number`);
  await client.query(keep ? "commit" : "rollback");
}
