import type { Client } from "pg";
import { discardCandidateAfterwards } from "./candidate-database.ts";
import { fetchText } from "./fetch-text.ts";
import { goOn } from "./go-on.ts";
import { notInEffect, type FaultScene, type LabFault } from "./lab-fault.ts";
import { pause } from "./pause.ts";

const EVERY_MS = 10_000;
/** Probes and the logins of the load connect in the first seconds. */
const FIRST_AFTER_MS = 6000;
const CUT_EVERY_MS = 50;

/** CONNECTION_EXHAUSTION lets Odoo's idle connections end and admits no new ones, for a while, again and again. */
export const CONNECTION_EXHAUSTION: LabFault = {
  id: "connection-exhaustion",
  title: "For some seconds of every ten PostgreSQL has no connection left",
  layer: "postgres",
  place: "the connection limit of the candidate's database, while the load runs; who is connected otherwise stays so",
  unit: "s of every 10 s",
  sizes: { small: 0.3, medium: 1.5, large: 4 },
  async inject(scene) {
    discardCandidateAfterwards(scene);
    const { baseUrl } = scene.arms.candidate;
    const ask = async () => (await fetchText(`${baseUrl}/shop`, scene.lab.signal)).status;
    const refused = await withoutConnections(scene, ask);
    const served = await ask();
    if (refused === 200 || served !== 200) throw notInEffect(`the shop answered ${refused} meanwhile, and ${served} afterwards`);
    return `the candidate's shop answers ${refused} while no connection is left`;
  },
  disturb: async (scene, amount) =>
    goOn(async (stopped) => {
      await pause(FIRST_AFTER_MS, stopped);
      while (!stopped.aborted) {
        await withoutConnections(scene, (client) => cutIdle(scene, client, { forMs: 1000 * amount, stopped }));
        await pause(EVERY_MS - 1000 * amount, stopped);
      }
    }),
};

/** withoutConnections does work while the candidate's Odoo can open no connection; a superuser always can. */
async function withoutConnections<Result>(scene: FaultScene, work: (client: Client) => Promise<Result>): Promise<Result> {
  const { database } = scene.arms.candidate;
  return scene.lab.withDatabase("postgres", async (client) => {
    await client.query(`alter database ${database} connection limit 0`);
    try {
      await cutOnce(client, database);
      return await work(client);
    } finally {
      await client.query(`alter database ${database} connection limit -1`);
    }
  });
}

/** Transactions under way go on: whoever has a connection keeps it until the work is done. */
async function cutIdle(
  scene: FaultScene,
  client: Client,
  { forMs, stopped }: { forMs: number; stopped: AbortSignal },
): Promise<void> {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs && !stopped.aborted) {
    await cutOnce(client, scene.arms.candidate.database);
    await pause(CUT_EVERY_MS, stopped);
  }
}

async function cutOnce(client: Client, database: string): Promise<void> {
  const where = "datname = $1 and usename = 'odoo' and state = 'idle'";
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${where}`, [database]);
}
