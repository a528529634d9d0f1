import { join } from "node:path";

import { type Arm, ARMS, type PerArm } from "../domain/arm.ts";
import { INVARIANTS_ROLE, PROBE_ROLE } from "../domain/target/database-access.ts";
import type { Release, ReleaseSpec } from "../domain/target/release.ts";
import type { ArmEndpoint, Target } from "../domain/target/target.ts";
import { type ArmDatabase, cloneArmDatabase, dropArmDatabases, freshenArmDatabase } from "./arm-database.ts";
import { copyLabAddons, startArm, stopArmServers, waitForArm } from "./arm-server.ts";
import type { LabOptions } from "./lab-context.ts";
import { withLabLock } from "./lab-lock.ts";
import { findFreePorts } from "./ports.ts";
import { postgresUrl } from "./postgres-service.ts";
import { flushRedis, redisUrl } from "./redis-service.ts";
import { ensureReleaseDatabase } from "./release-database.ts";
import { labFolder, openRunningLab, type RunningLab } from "./running-lab.ts";
import { readService } from "./service-process.ts";
import { odooServiceName } from "./shared-services.ts";
import { SHOP_LOGIN } from "./shop-template.ts";
import { traefikServiceName } from "./traefik-config.ts";
import { routeTraefik } from "./traefik-service.ts";
import { warmUp } from "./warm-up.ts";

/** PreparedArms is what a run needs to know of the releases that now serve. */
export interface PreparedArms {
  readonly target: Target;
  readonly releases: Partial<PerArm<Release>>;
}

/** Measured on two cores: 6 s for the databases, 15 s for the servers. */
const CLONE_EXPECTED_MS = 8000;
const SERVE_EXPECTED_MS = 18_000;

/**
 * prepareArms gives each arm a fresh clone of its release's database and an Odoo of its own, warms both, and forgets what that
 * left in Redis and in the statistics. A one-arm run names one release only. What is done to one arm is done to the other, side
 * by side, so that neither is older, warmer or better vacuumed.
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

/** stopArms ends the arms' Odoo servers; their databases stay, for whoever wants to look. */
export async function stopArms(options: LabOptions): Promise<void> {
  const lab = labFolder(options.projectDir);
  await withLabLock(lab, options.signal, () => stopArmServers(lab));
}

async function cloneAll(lab: RunningLab, arms: readonly { arm: Arm; spec: ReleaseSpec }[]): Promise<readonly ArmDatabase[]> {
  const sources = [];
  // One after another: two arms may have the same release.
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
  // All of them: statements of installations would fill the table, and those of the load would be dropped from it.
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

function describeEndpoint(lab: RunningLab, { arm, database }: ArmDatabase): ArmEndpoint {
  const pid = readService(lab.chroot.lab, odooServiceName(arm))?.pid;
  const { probe, invariants, shopUser } = lab.secrets;
  const { postgres } = lab.state.ports;
  return {
    baseUrl: baseUrl(lab, arm),
    database,
    login: SHOP_LOGIN,
    password: shopUser,
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
