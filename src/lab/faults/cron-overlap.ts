import type { Client } from "pg";
import { waitUntil } from "../wait-until.ts";
import { discardCandidateAfterwards, inCandidate } from "./candidate-database.ts";
import { knobSettings, requireKnobs } from "./drill-knobs.ts";
import { notInEffect, type Disturbance, type FaultScene, type LabFault } from "./lab-fault.ts";

/** A cron worker of the addon looks for jobs within eleven seconds of the end of the last one, which may take fifty. */
const STARTS_WITHIN_MS = 90_000;

/** CRON_OVERLAP lets a scheduled job take part of the machine. */
export const CRON_OVERLAP: LabFault = {
  id: "cron-overlap",
  title: "A scheduled job that was meant for the night runs in trading hours",
  layer: "odoo",
  place: "a job of the candidate's database, which a cron worker of its own takes up while the load runs",
  unit: "share of one core",
  sizes: { small: 0.1, medium: 0.4, large: 0.9 },
  serve: async (_stage, amount) => ({ candidate: { cronThreads: 1, ...knobSettings({ JOB_SHARE: amount }) } }),
  async inject(scene, amount) {
    const proof = await requireKnobs(scene, { candidate: { JOB_SHARE: amount } });
    discardCandidateAfterwards(scene);
    const { rowCount } = await inCandidate(scene, (client) => client.query(`select from ir_cron where id = ${JOB}`));
    if (rowCount !== 1) throw notInEffect("the addon's job is not in the database");
    return `${proof}; the load waits until the job holds the lock on its row`;
  },
  disturb: (scene) => startJob(scene),
};

const JOB = "(select res_id from ir_model_data where module = 'peakproof_drill' and name = 'job')";
const START_JOB = `update ir_cron set active = true, nextcall = now() at time zone 'UTC' where id = ${JOB}`;
const END_JOB = `update ir_cron set active = false where id = ${JOB}`;
/** Odoo locks the row of a job for as long as it runs; without that session it ends without a trace in the database. */
const CUT_JOB = `select pg_terminate_backend(pid) from pg_locks
  where relation = 'ir_cron'::regclass and mode = 'RowShareLock' and database = (select oid from pg_database where datname = current_database())`;

async function startJob(scene: FaultScene): Promise<Disturbance> {
  await inCandidate(scene, async (client) => {
    await client.query(START_JOB);
    await waitUntil("the job does not start", () => isJobRunning(client), {
      timeoutMs: STARTS_WITHIN_MS,
      signal: scene.lab.signal,
      hint: "Read the candidate's odoo.log in .lab/arms.",
    });
  });
  return {
    stop: () =>
      inCandidate(scene, async (client) => {
        await client.query(CUT_JOB);
        await client.query(END_JOB);
      }),
  };
}

async function isJobRunning(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(`select 1 from ir_cron where id = ${JOB} for update skip locked`);
  return rowCount === 0;
}
