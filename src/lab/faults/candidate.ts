import type { Client } from "pg";
import { z } from "zod";

import { type Arm, ARMS } from "../../domain/arm.ts";
import { type FaultScene, type FaultStage, notInEffect, notUndone } from "./fault.ts";
import { fetchText } from "./loopback.ts";

const PREFIX = "PEAKPROOF_DRILL_";
const answer = z.object({ knobs: z.record(z.string(), z.number()), kept_bytes: z.number() });

/** Knobs are the amounts that the drill's addon works by, such as `SEARCHES`. */
type Knobs = Readonly<Record<string, number>>;

/** inCandidate runs work as superuser in the candidate's database. */
export async function inCandidate<Result>({ lab, arms }: FaultScene, work: (client: Client) => Promise<Result>): Promise<Result> {
  return lab.withDatabase(arms.candidate.database, work);
}

/**
 * discardCandidateAfterwards registers the surest way to undo what was changed inside a database: the candidate's is a clone for
 * this one row, so it goes as a whole, with its settings and limits.
 */
export function discardCandidateAfterwards({ lab, arms, afterwards }: FaultScene): void {
  const { database } = arms.candidate;
  afterwards(async () => {
    await lab.admin(`drop database if exists ${database} with (force)`);
    const left = await countRows({ lab }, "select 1 from pg_database where datname = $1", [database]);
    if (left > 0) throw notUndone(`database ${database} is still there`);
  });
}

/** reconnectCandidate makes the candidate's Odoo open its connections anew, so that settings of the database reach it. */
export async function reconnectCandidate({ lab, arms }: FaultScene): Promise<void> {
  const { database, baseUrl } = arms.candidate;
  const query = `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'odoo'`;
  const ended = await countRows({ lab }, query, [database]);
  if (ended === 0) throw new Error("the candidate's Odoo had no connection to the database");
  const { status } = await fetchText(`${baseUrl}/shop`, lab.signal);
  if (status !== 200) throw new Error(`the candidate's shop answered ${status} once its connections were cut`);
}

/** countRows counts the rows of a query on the server's own database. */
export async function countRows({ lab }: Pick<FaultStage, "lab">, query: string, values: readonly unknown[]): Promise<number> {
  return lab.withDatabase("postgres", async (client) => (await client.query(query, [...values])).rowCount ?? 0);
}

/** knobSettings is the environment by which a server's addon gets its amounts. */
export function knobSettings(knobs: Knobs): { readonly environment: Readonly<Record<string, string>> } {
  return {
    environment: Object.fromEntries(Object.entries(knobs).map(([name, amount]) => [`${PREFIX}${name}`, String(amount)])),
  };
}

/** askAddon asks a worker of an arm which amounts it works by, and how much it has kept by its leak. */
export async function askAddon(
  arm: Arm,
  { arms, lab }: FaultScene,
): Promise<{ readonly knobs: Knobs; readonly keptBytes: number }> {
  const { status, text } = await fetchText(`${arms[arm].baseUrl}/peakproof_drill/knobs`, lab.signal);
  if (status !== 200) throw new Error(`the drill's addon in the ${arm} answered ${status}`);
  const { knobs, kept_bytes: keptBytes } = answer.parse(JSON.parse(text));
  return { knobs, keptBytes };
}

/** requireKnobs makes sure that running workers of both arms work by exactly these amounts, and says so. */
export async function requireKnobs(scene: FaultScene, wanted: { both?: Knobs; candidate: Knobs }): Promise<string> {
  for (const arm of ARMS) {
    const { knobs } = await askAddon(arm, scene);
    const expected = { ...wanted.both, ...(arm === "candidate" ? wanted.candidate : {}) };
    if (tell(knobs) !== tell(expected)) throw notInEffect(`the ${arm}'s workers have ${tell(knobs)}, wanted ${tell(expected)}`);
  }
  const [before, after] = [tell({ ...wanted.both }), tell({ ...wanted.both, ...wanted.candidate })];
  return before === after
    ? `workers of both arms work by ${after}`
    : `the candidate's workers work by ${after}, the baseline's by ${before}`;
}

function tell(knobs: Knobs): string {
  const names = Object.keys(knobs).toSorted();
  return names.length === 0 ? "nothing" : names.map((name) => `${name} ${knobs[name] ?? 0}`).join(", ");
}
