import { readFileSync } from "node:fs";

import type { Client } from "pg";

import type { Fault } from "../../domain/judgement/drill.ts";
import { waitUntil } from "../machine/run-command.ts";
import { countByWorker } from "../services/warm-up.ts";
import { askAddon, discardCandidateAfterwards, inCandidate, knobSettings, requireKnobs } from "./candidate.ts";
import { type Disturbance, type FaultScene, type LabFault, notInEffect } from "./fault.ts";
import { fetchText } from "./loopback.ts";

const place = "the addon of both arms; only the environment of the candidate's servers switches the fault on";
/**
 * Memory in MB that a worker may add to what it had at its first request, in both arms. A worker above this limit ends itself, as
 * on a small host.
 */
const HEADROOM_MB = 300;
/** Workers of the baseline in the fault `fewer-workers`. */
const WORKERS = 3;
/**
 * A cron worker with the drill's addon looks for jobs within eleven seconds of the end of the last job, which may take fifty
 * seconds.
 */
const STARTS_WITHIN_MS = 90_000;
const JOB = "(select res_id from ir_model_data where module = 'peakproof_drill' and name = 'job')";
const START_JOB = `update ir_cron set active = true, nextcall = now() at time zone 'UTC' where id = ${JOB}`;
const END_JOB = `update ir_cron set active = false where id = ${JOB}`;

/** Odoo locks the row of a job while the job runs. Ending that session ends the job and leaves nothing in the database. */
const CUT_JOB = `select pg_terminate_backend(pid) from pg_locks
  where relation = 'ir_cron'::regclass and mode = 'RowShareLock' and database = (select oid from pg_database where datname = current_database())`;

type AddonFault = Omit<Fault, "layer" | "place"> & {
  /** Name of the amount in fixtures/addons/drill. */
  readonly knob: string;
};

const FAULTS: readonly AddonFault[] = [
  {
    id: "n-plus-one",
    title: "Order confirmation runs an extra search for each line",
    unit: "searches per order",
    sizes: { small: 1, medium: 6, large: 60 },
    knob: "SEARCHES",
  },
  {
    id: "missing-prefetch",
    title: "The shop page reads its products one by one",
    unit: "products",
    sizes: { small: 6, medium: 20, large: 80 },
    knob: "ALONE",
  },
  {
    id: "slow-compute",
    title: "Slow Python code computes the order total",
    unit: "CPU-ms per computation",
    sizes: { small: 10, medium: 60, large: 250 },
    knob: "COMPUTE_MS",
  },
  {
    id: "error-share",
    title: "A share of the order confirmations raises an exception",
    unit: "share of confirmations",
    sizes: { small: 0.1, medium: 0.4, large: 0.8 },
    knob: "FAILS",
  },
  {
    id: "duplicate-imports",
    title: "A share of the imported orders is created twice",
    unit: "share of imports",
    sizes: { small: 0.05, medium: 0.2, large: 0.6 },
    knob: "TWICE",
  },
  {
    id: "lost-stock",
    title: "A share of the deliveries removes a unit of stock without a stock move",
    unit: "share of delivered moves",
    sizes: { small: 0.05, medium: 0.2, large: 0.6 },
    knob: "LOSES",
  },
];

const memoryLeak: LabFault = {
  id: "memory-leak",
  title: "Every request leaks memory, so that workers reach their limit and are replaced",
  layer: "odoo",
  place: `${place}; the workers of both arms may grow by ${HEADROOM_MB} MB`,
  unit: "MB per request",
  sizes: { small: 3, medium: 12, large: 40 },
  serve: async (_stage, amount) => ({
    both: knobSettings({ HEADROOM_MB }),
    candidate: knobSettings({ LEAK_MB: amount }),
  }),
  async inject(scene, amount) {
    const proof = await requireKnobs(scene, { both: { HEADROOM_MB }, candidate: { LEAK_MB: amount } });
    return `${proof}; ${await requireLeak(scene)}`;
  },
};

/** ADDON_FAULTS are faults in the code of a release. */
export const ADDON_FAULTS: readonly LabFault[] = [
  ...FAULTS.map(({ knob, ...fault }): LabFault => ({
    ...fault,
    layer: "odoo",
    place,
    serve: async (_stage, amount) => ({ candidate: knobSettings({ [knob]: amount }) }),
    inject: (scene, amount) => requireKnobs(scene, { candidate: { [knob]: amount } }),
  })),
  memoryLeak,
];

/** FEWER_WORKERS makes requests queue because too few workers are configured. */
export const FEWER_WORKERS: LabFault = {
  id: "fewer-workers",
  title: `One worker instead of ${WORKERS}, while each new order waits for a remote service`,
  layer: "odoo",
  place: "the settings of the candidate's servers; the remote service is equally slow in both arms",
  unit: "ms that a new order holds its worker",
  sizes: { small: 100, medium: 500, large: 900 },
  serve: async (_stage, amount) => ({
    both: { workers: WORKERS, ...knobSettings({ REMOTE_MS: amount }) },
    candidate: { workers: 1 },
  }),
  async inject(scene, amount) {
    const proof = await requireKnobs(scene, { both: { REMOTE_MS: amount }, candidate: {} });
    const [before, after] = [scene.arms.baseline, scene.arms.candidate].map(({ odooLog }) => workersIn(odooLog));
    if (before !== WORKERS || after !== 1)
      throw notInEffect(`${before} workers of the baseline answer, ${after} of the candidate`);
    return `${proof}; ${before} workers of the baseline answer, ${after} of the candidate`;
  },
};

/** CRON_OVERLAP runs a scheduled job that takes a share of a CPU core. */
export const CRON_OVERLAP: LabFault = {
  id: "cron-overlap",
  title: "A scheduled job meant for the night runs in trading hours",
  layer: "odoo",
  place: "a job in the candidate's database, run by a separate cron worker during the load",
  unit: "share of one core",
  sizes: { small: 0.1, medium: 0.4, large: 0.9 },
  serve: async (_stage, amount) => ({ candidate: { cronThreads: 1, ...knobSettings({ JOB_SHARE: amount }) } }),
  async inject(scene, amount) {
    const proof = await requireKnobs(scene, { candidate: { JOB_SHARE: amount } });
    discardCandidateAfterwards(scene);
    const { rowCount } = await inCandidate(scene, (client) => client.query(`select from ir_cron where id = ${JOB}`));
    if (rowCount !== 1) throw notInEffect("the addon's job is not in the database");
    return `${proof}; the load starts when the job holds the lock on its row`;
  },
  disturb: (scene) => startJob(scene),
};

async function requireLeak(scene: FaultScene): Promise<string> {
  await fetchText(`${scene.arms.candidate.baseUrl}/shop`, scene.lab.signal);
  const { keptBytes } = await askAddon("candidate", scene);
  if (keptBytes === 0) throw notInEffect("a worker of the candidate has leaked nothing");
  return `a worker has leaked ${Math.round(keptBytes / 2 ** 20)} MB so far`;
}

function workersIn(log: string | null): number {
  return log === null ? 0 : countByWorker(readFileSync(log, "utf8")).length;
}

async function startJob(scene: FaultScene): Promise<Disturbance> {
  await inCandidate(scene, async (client) => {
    await client.query(START_JOB);
    await waitUntil("The job does not start", () => isJobRunning(client), {
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
