import { readFileSync } from "node:fs";
import { DatabaseError } from "pg";
import { waitUntil } from "../wait-until.ts";
import { inCandidate } from "./candidate-database.ts";
import { fetchText } from "./fetch-text.ts";
import { goOn } from "./go-on.ts";
import { notInEffect, type FaultScene, type LabFault } from "./lab-fault.ts";
import { pause } from "./pause.ts";

/** Every new order, and every stock move of it, names its warehouse, and waits for a row that another session has locked. */
const LOCK = "select id from stock_warehouse for update";
const LOCK_REFUSED = "55P03";
/** Time between two locks, in which the load gets on. */
const UNLOCKED_MS = 400;

const rowLocks: LabFault = {
  id: "row-locks",
  title: "Another session locks the warehouse, again and again",
  layer: "postgres",
  place: "a session in the candidate's database, while the load runs",
  unit: `ms that the row is locked, with ${UNLOCKED_MS} ms between`,
  sizes: { small: 300, medium: 1200, large: 4000 },
  inject: (scene) =>
    inCandidate(scene, async (client) => {
      await client.query("begin");
      await client.query(LOCK);
      const code = await inCandidate(scene, (other) => codeOf(other.query(`${LOCK} nowait`)));
      await client.query("rollback");
      if (code !== LOCK_REFUSED) throw notInEffect(`a second session was not refused the lock (${code ?? "no error"})`);
      return "a second session is refused the lock while the first has it";
    }),
  disturb: async (scene, amount) =>
    goOn((stopped) =>
      inCandidate(scene, async (client) => {
        while (!stopped.aborted) {
          await client.query("begin");
          await client.query(LOCK);
          await pause(amount, stopped);
          await client.query("rollback");
          await pause(UNLOCKED_MS, stopped);
        }
      }),
    ),
};

const registryReloads: LabFault = {
  id: "registry-reloads",
  title: "Something signals a new registry again and again, and every worker loads it",
  layer: "odoo",
  place: "the signal in the candidate's database, while the load runs",
  unit: "signals per minute",
  sizes: { small: 2, medium: 6, large: 15 },
  async inject(scene) {
    const before = reloadsOf(scene);
    await signalRegistry(scene);
    await waitUntil("no worker of the candidate loads the registry", () => hasReloaded(scene, before), {
      timeoutMs: 30_000,
      signal: scene.lab.signal,
      hint: "Read the candidate's odoo.log in .lab/arms.",
    });
    return "after one signal a worker of the candidate has loaded the registry";
  },
  disturb: async (scene, amount) =>
    goOn(async (stopped) => {
      const everyMs = 60_000 / amount;
      await pause(everyMs / 2, stopped);
      while (!stopped.aborted) {
        await signalRegistry(scene);
        await pause(everyMs, stopped);
      }
    }),
};

/** SESSION_FAULTS are what other sessions of the database do to a release while it is at work. */
export const SESSION_FAULTS: readonly LabFault[] = [rowLocks, registryReloads];

async function codeOf(query: Promise<unknown>): Promise<string | null> {
  try {
    await query;
    return null;
  } catch (error) {
    if (error instanceof DatabaseError) return error.code ?? null;
    throw error;
  }
}

/** Odoo 14 signals by a sequence that each worker reads before each request. */
async function signalRegistry(scene: FaultScene): Promise<void> {
  await inCandidate(scene, (client) => client.query("select nextval('base_registry_signaling')"));
}

async function hasReloaded(scene: FaultScene, before: number): Promise<boolean> {
  await fetchText(`${scene.arms.candidate.baseUrl}/shop`, scene.lab.signal);
  return reloadsOf(scene) > before;
}

function reloadsOf({ arms }: FaultScene): number {
  const { odooLog } = arms.candidate;
  return odooLog === null ? 0 : readFileSync(odooLog, "utf8").split("Reloading the model registry").length - 1;
}
