import type { Client } from "pg";
import { z } from "zod";

import { type Arm, ARMS } from "../../domain/arm.ts";
import { type FaultScene, type FaultStage, notInEffect, notUndone } from "./fault.ts";
import { fetchText } from "./loopback.ts";

const PREFIX = "PEAKPROOF_DRILL_";
const answer = z.object({ knobs: z.record(z.string(), z.number()), kept_bytes: z.number() });

/** Knobs are the amounts that the drill's addon reads from its environment, such as `SEARCHES`. */
type Knobs = Readonly<Record<string, number>>;

/** inCandidate runs work in the candidate's database, as superuser. */
export async function inCandidate<Result>({ lab, arms }: FaultScene, work: (client: Client) => Promise<Result>): Promise<Result> {
  return lab.withDatabase(arms.candidate.database, work);
}

/**
 * discardCandidateAfterwards registers the removal of the candidate's database. The database is a clone for one row of the drill,
 * so dropping it undoes every change, including settings and limits.
 */
export function discardCandidateAfterwards({ lab, arms, afterwards }: FaultScene): void {
  const { database } = arms.candidate;
  afterwards(async () => {
    await lab.admin(`drop database if exists ${database} with (force)`);
    const left = await countRows({ lab }, "select 1 from pg_database where datname = $1", [database]);
    if (left > 0) throw notUndone(`database ${database} is still there`);
  });
}

/** reconnectCandidate makes the candidate's Odoo open new connections, so that settings of the database take effect. */
export async function reconnectCandidate({ lab, arms }: FaultScene): Promise<void> {
  const { database, baseUrl } = arms.candidate;
  const query = `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'odoo'`;
  const ended = await countRows({ lab }, query, [database]);
  if (ended === 0) throw new Error("the candidate's Odoo had no connection to the database");
  const { status } = await fetchText(`${baseUrl}/shop`, lab.signal);
  if (status !== 200) throw new Error(`the candidate's shop answered ${status} after its connections were cut`);
}

/** countRows returns the number of rows of a query, run in the database `postgres`. */
export async function countRows({ lab }: Pick<FaultStage, "lab">, query: string, values: readonly unknown[]): Promise<number> {
  return lab.withDatabase("postgres", async (client) => (await client.query(query, [...values])).rowCount ?? 0);
}

/** knobSettings returns the environment variables that set the amounts of a server's addon. */
export function knobSettings(knobs: Knobs): { readonly environment: Readonly<Record<string, string>> } {
  return {
    environment: Object.fromEntries(Object.entries(knobs).map(([name, amount]) => [`${PREFIX}${name}`, String(amount)])),
  };
}

/** askAddon asks a worker of an arm for its amounts, and for the bytes of memory that its leak has kept. */
export async function askAddon(
  arm: Arm,
  { arms, lab }: FaultScene,
): Promise<{ readonly knobs: Knobs; readonly keptBytes: number }> {
  const { status, text } = await fetchText(`${arms[arm].baseUrl}/peakproof_drill/knobs`, lab.signal);
  if (status !== 200) throw new Error(`the drill's addon in the ${arm} answered ${status}`);
  const { knobs, kept_bytes: keptBytes } = answer.parse(JSON.parse(text));
  return { knobs, keptBytes };
}

/** requireKnobs checks that running workers of both arms have exactly these amounts, and returns a sentence that says so. */
export async function requireKnobs(scene: FaultScene, wanted: { both?: Knobs; candidate: Knobs }): Promise<string> {
  for (const arm of ARMS) {
    const { knobs } = await askAddon(arm, scene);
    const expected = { ...wanted.both, ...(arm === "candidate" ? wanted.candidate : {}) };
    if (formatKnobs(knobs) !== formatKnobs(expected))
      throw notInEffect(`the ${arm}'s workers have ${formatKnobs(knobs)}, expected ${formatKnobs(expected)}`);
  }
  const [before, after] = [formatKnobs({ ...wanted.both }), formatKnobs({ ...wanted.both, ...wanted.candidate })];
  return before === after
    ? `workers of both arms have the settings ${after}`
    : `the candidate's workers have the settings ${after}, the baseline's workers ${before}`;
}

function formatKnobs(knobs: Knobs): string {
  const names = Object.keys(knobs).toSorted();
  return names.length === 0 ? "none" : names.map((name) => `${name} ${knobs[name] ?? 0}`).join(", ");
}
