import type { Client } from "pg";
import { fetchText } from "./fetch-text.ts";
import { notUndone, type FaultScene, type FaultStage } from "./lab-fault.ts";

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
