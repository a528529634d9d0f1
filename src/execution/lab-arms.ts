import { type Arm, ARMS } from "../domain/arm.ts";
import type { ReleaseSpec } from "../domain/target/release.ts";
import { labStatus } from "../lab/lab-up.ts";
import { prepareArms } from "../lab/prepare-arms.ts";
import type { LabOptions } from "../lab/state/state.ts";
import type { PreparedTarget } from "./perform-run.ts";

/** serveInLab starts releases in a running lab, on fresh data, and lists the processes that belong to the lab. */
export async function serveInLab(lab: LabOptions, specs: Partial<Record<Arm, ReleaseSpec>>): Promise<PreparedTarget> {
  const prepared = await prepareArms(lab, specs);
  const { services } = await labStatus(lab);
  const pids = services.flatMap(({ name, pid }) => (pid === null || name.startsWith("odoo") ? [] : [[name, pid] as const]));
  return { ...prepared, otherPids: Object.fromEntries(pids), settings: settingsOf(specs) };
}

function settingsOf(specs: Partial<Record<Arm, ReleaseSpec>>): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const arm of ARMS) {
    const spec = specs[arm];
    if (spec === undefined) continue;
    settings[`${arm}.workers`] = String(spec.settings.workers);
    settings[`${arm}.cronThreads`] = String(spec.settings.cronThreads);
  }
  return settings;
}
