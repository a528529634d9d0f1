import { cpSync } from "node:fs";
import { join } from "node:path";

import { type Arm, ARMS, type PerArm } from "../domain/arm.ts";
import { INVARIANTS_ROLE, PROBE_ROLE } from "../domain/target/database-access.ts";
import type { Release, ReleaseSpec } from "../domain/target/release.ts";
import type { ArmEndpoint, Target } from "../domain/target/target.ts";
import { type ArmDatabase, cloneArmDatabase, dropArmDatabases, freshenArmDatabase } from "./databases/arm-database.ts";
import { ensureReleaseDatabase } from "./databases/release-database.ts";
import { CUSTOMER_LOGIN, SHOP_LOGIN } from "./databases/shop-template.ts";
import type { Chroot } from "./machine/chroot.ts";
import { isCompiledPython, packageFile } from "./machine/folders.ts";
import { findFreePorts } from "./machine/ports.ts";
import { waitUntil } from "./machine/run-command.ts";
import { readService, watchForEnd } from "./machine/service-process.ts";
import { SERVER_WIDE_MODULE, startOdoo, stopOdoo } from "./services/odoo.ts";
import { postgresUrl } from "./services/postgres.ts";
import { flushRedis, redisUrl } from "./services/redis.ts";
import { labFolder, odooServiceName, openRunningLab, type RunningLab } from "./services/running-lab.ts";
import { routeTraefik, traefikServiceName } from "./services/traefik.ts";
import { warmUp } from "./services/warm-up.ts";
import { type LabOptions, withLabLock } from "./state/state.ts";

/** PreparedArms describes the releases that now run. */
export interface PreparedArms {
  readonly target: Target;
  readonly releases: Partial<PerArm<Release>>;
}

/** Measured on two cores: 6 s for the databases, 15 s for the servers. */
const CLONE_EXPECTED_MS = 8000;
const SERVE_EXPECTED_MS = 18_000;
const START_TIMEOUT_MS = 120_000;

/**
 * prepareArms gives each arm a fresh clone of its release's database and its own Odoo, warms both up, and then clears Redis and
 * the statement statistics. A one-arm run names one release only. Each step is done for both arms at the same time, so that
 * neither arm is older, warmer or better vacuumed.
 */
export async function prepareArms(options: LabOptions, specs: Partial<PerArm<ReleaseSpec>>): Promise<PreparedArms> {
  return withLabLock(labFolder(options.projectDir), options.signal, async () => {
    const lab = await openRunningLab(options);
    const arms = ARMS.flatMap((arm) => (specs[arm] === undefined ? [] : [{ arm, spec: specs[arm] }]));
    await stopArmServers(lab.chroot.lab);
    try {
      return await serve(lab, await cloneAll(lab, arms));
    } catch (error) {
      await stopArmServers(lab.chroot.lab);
      throw error;
    }
  });
}

/** stopArms stops the arms' Odoo servers. Their databases are kept for inspection. */
export async function stopArms(options: LabOptions): Promise<void> {
  const lab = labFolder(options.projectDir);
  await withLabLock(lab, options.signal, () => stopArmServers(lab));
}

/** stopArmServers stops the Odoo of both arms. */
async function stopArmServers(lab: string): Promise<void> {
  await Promise.all(ARMS.map((arm) => stopOdoo(lab, odooServiceName(arm))));
}

async function cloneAll(lab: RunningLab, arms: readonly { arm: Arm; spec: ReleaseSpec }[]): Promise<readonly ArmDatabase[]> {
  const sources = [];
  // One after the other: both arms may use the same release.
  for (const { arm, spec } of arms) sources.push({ arm, spec, source: await ensureReleaseDatabase(lab, spec) });
  lab.progress.stage("Cloning the databases of the arms", CLONE_EXPECTED_MS);
  await dropArmDatabases(lab);
  const clones: ArmDatabase[] = [];
  for (const { arm, spec, source } of sources) clones.push(await cloneArmDatabase(lab, arm, spec, source));
  await Promise.all(clones.map((clone) => freshenArmDatabase(lab, clone)));
  await lab.admin("checkpoint");
  return clones;
}

async function serve(lab: RunningLab, clones: readonly ArmDatabase[]): Promise<PreparedArms> {
  lab.progress.stage(`Starting Odoo ${clones.map(({ arm, spec }) => `${spec.label} (${arm})`).join(" and ")}`, SERVE_EXPECTED_MS);
  copyLabAddons(lab.chroot);
  const [first = 0, second = 0, third = 0, fourth = 0] = await findFreePorts(4);
  routeTraefik(lab.chroot.lab, { baseline: first, candidate: second });
  const ports = { baseline: { port: first, longpollingPort: third }, candidate: { port: second, longpollingPort: fourth } };
  for (const clone of clones) startArm(lab, clone, ports[clone.arm]);
  await Promise.all(clones.map((clone) => waitForArm(lab, clone.arm, clone.spec.label)));
  lab.progress.update(0.5, "warming the workers");
  await Promise.all(
    clones.map(({ arm, spec }) =>
      warmUp(
        { baseUrl: baseUrl(lab, arm), logFile: odooLog(lab, arm), workers: spec.settings.workers, label: spec.label },
        lab.signal,
      ),
    ),
  );
  await flushRedis(lab.state.ports.redis);
  // All entries are reset. Otherwise the statements of the installation would fill the table and displace those of the load.
  await lab.admin("select pg_stat_statements_reset()");
  return {
    target: {
      name: "native lab",
      arms: Object.fromEntries(clones.map((clone) => [clone.arm, describeEndpoint(lab, clone)])),
      redisUrl: redisUrl(lab.state.ports.redis),
      traefikMetricsUrl: `http://127.0.0.1:${lab.state.ports.metrics}/metrics`,
      traefikAccessLog: join(lab.chroot.lab, "log", "traefik-access.log"),
    },
    releases: Object.fromEntries(clones.map(({ arm, source }) => [arm, source.release])),
  };
}

/** copyLabAddons copies the addons of the lab itself to a folder that Odoo can read. */
function copyLabAddons(chroot: Chroot): void {
  const filter = (path: string) => !isCompiledPython(path.split("/").at(-1) ?? "");
  cpSync(packageFile("fixtures", "addons", "lab"), join(chroot.lab, "odoo", "addons"), { recursive: true, filter });
}

/** startArm starts an arm's Odoo with a production setup: several workers behind a proxy, one database, sessions in Redis. */
function startArm(lab: RunningLab, clone: ArmDatabase, ports: { readonly port: number; readonly longpollingPort: number }): void {
  const { arm, database, source, spec } = clone;
  startOdoo(lab.chroot, {
    name: odooServiceName(arm),
    environment: { PEAKPROOF_REDIS_URL: redisUrl(lab.state.ports.redis), ...spec.settings.environment },
    server: {
      database,
      dataFolder: `/lab/arms/${arm}/data`,
      logFile: `/lab/arms/${arm}/odoo.log`,
      addonsFolders: [source.addonsFolder, "/lab/odoo/addons"],
      serverWideModules: [SERVER_WIDE_MODULE],
      postgresPort: lab.state.ports.postgres,
      postgresPassword: lab.secrets.odoo,
      masterPassword: lab.secrets.odooMaster,
      http: { ...ports, workers: spec.settings.workers, cronThreads: spec.settings.cronThreads },
    },
  });
}

/** waitForArm waits until an arm's Odoo answers through Traefik. */
async function waitForArm(lab: RunningLab, arm: Arm, label: string): Promise<void> {
  const url = `${baseUrl(lab, arm)}/web/login`;
  const check = async () =>
    (await fetch(url, { signal: AbortSignal.any([lab.signal, AbortSignal.timeout(30_000)]), redirect: "manual" })).status === 200;
  const isHopeless = watchForEnd(lab.chroot.lab, odooServiceName(arm));
  const hint = `Read ${odooLog(lab, arm)} and ${join(lab.chroot.lab, "log", `${odooServiceName(arm)}.out`)}.`;
  await waitUntil(`Odoo of release ${label} does not answer`, check, {
    timeoutMs: START_TIMEOUT_MS,
    signal: lab.signal,
    hint,
    isHopeless,
  });
}

function describeEndpoint(lab: RunningLab, { arm, database }: ArmDatabase): ArmEndpoint {
  const pid = readService(lab.chroot.lab, odooServiceName(arm))?.pid;
  const { probe, invariants, shopUser } = lab.secrets;
  const { postgres } = lab.state.ports;
  return {
    baseUrl: baseUrl(lab, arm),
    database,
    login: SHOP_LOGIN,
    password: shopUser,
    customer: { login: CUSTOMER_LOGIN, password: shopUser },
    probeDsn: postgresUrl(PROBE_ROLE, probe, postgres, database),
    invariantsDsn: postgresUrl(INVARIANTS_ROLE, invariants, postgres, database),
    odooLog: odooLog(lab, arm),
    odooPids: pid === undefined ? [] : [pid],
    traefikService: traefikServiceName(arm),
  };
}

function baseUrl(lab: RunningLab, arm: Arm): string {
  return `http://127.0.0.1:${lab.state.ports[arm]}`;
}

function odooLog(lab: RunningLab, arm: Arm): string {
  return join(lab.chroot.lab, "arms", arm, "odoo.log");
}
