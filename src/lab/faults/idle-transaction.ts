import type { Client } from "pg";
import { waitUntil } from "../wait-until.ts";
import { countRows, discardCandidateAfterwards, inCandidate } from "./candidate-database.ts";
import { goOn } from "./go-on.ts";
import { notUndone, type FaultScene, type LabFault } from "./lab-fault.ts";
import { untilAborted } from "./pause.ts";

const SESSION = "peakproof-drill-idle";

/** Each version is found by where the one before it lies: found by its id, it would take ever longer. */
const rewriteCompany = (times: number) => `do $$
declare place tid;
begin
  select ctid into place from res_company order by id limit 1;
  for turn in 1..${times} loop
    update res_company set write_date = write_date where ctid = place returning ctid into place;
  end loop;
end $$`;

/** IDLE_TRANSACTION keeps every old version of a row that all requests read; vacuum may not remove what a snapshot could still see. */
export const IDLE_TRANSACTION: LabFault = {
  id: "idle-transaction",
  title: "A transaction stays open and idle, so that no old version of the company's row can be removed",
  layer: "postgres",
  place: "a session in the candidate's database; another one has rewritten the row many times since",
  unit: "old versions of the row",
  sizes: { small: 10_000, medium: 60_000, large: 200_000 },
  async inject(scene, amount) {
    discardCandidateAfterwards(scene);
    const session = goOn((stopped) => inCandidate(scene, (client) => stayIdle(client, stopped)));
    scene.afterwards(async () => {
      await session.stop();
      if ((await idleSessions(scene)) > 0) throw notUndone("the idle transaction is still open");
    });
    const limits = { timeoutMs: 15_000, signal: scene.lab.signal, hint: "Read .lab/log/postgres.out." };
    await waitUntil("the transaction is not open", async () => (await idleSessions(scene)) === 1, limits);
    await inCandidate(scene, async (client) => {
      await client.query(rewriteCompany(amount));
      await client.query("vacuum res_company");
    });
    // The server's statistics are some hundred milliseconds late.
    await waitUntil("vacuum removed the old versions", async () => (await oldVersions(scene)) >= 0.9 * amount, limits);
    return `a session is idle in its transaction, and after a vacuum res_company still has ${await oldVersions(scene)} old versions`;
  },
};

async function stayIdle(client: Client, stopped: AbortSignal): Promise<void> {
  await client.query(`set application_name = '${SESSION}'`);
  await client.query("begin isolation level repeatable read");
  await client.query("select count(*) from res_company");
  await untilAborted(stopped);
  await client.query("rollback");
}

async function idleSessions(scene: FaultScene): Promise<number> {
  const query = "select from pg_stat_activity where application_name = $1 and state = 'idle in transaction'";
  return countRows(scene, query, [SESSION]);
}

async function oldVersions(scene: FaultScene): Promise<number> {
  const query = "select n_dead_tup::float8 as versions from pg_stat_user_tables where relname = 'res_company'";
  return inCandidate(scene, async (client) => (await client.query<{ versions: number }>(query)).rows[0]?.versions ?? 0);
}
