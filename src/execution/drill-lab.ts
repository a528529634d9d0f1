import { type Arm, ARMS } from "../domain/arm.ts";
import type { OdooSettings, ReleaseSpec } from "../domain/target/release.ts";
import type { ServerChanges } from "../lab/faults/lab-fault.ts";
import type { LabOptions } from "../lab/lab-context.ts";
import { stopArms } from "../lab/prepare-arms.ts";
import { openRunningLab } from "../lab/running-lab.ts";
import { seededRandom } from "../statistics/random.ts";
import type { DrillLab } from "./fault-in-lab.ts";
import { serveInLab } from "./lab-arms.ts";

/** MODULE is the addon of both arms; it does what its environment says, which is nothing where that says nothing. */
const MODULE = "peakproof_drill";
const SETTINGS: OdooSettings = { workers: 2, cronThreads: 0, environment: {} };

/** openDrillLab opens the running lab for a drill. `addonsPath` holds the drill's addon. */
export async function openDrillLab(
  options: LabOptions,
  { addonsPath, seed }: { addonsPath: string; seed: number },
): Promise<DrillLab> {
  return {
    lab: await openRunningLab(options),
    random: seededRandom(seed),
    serve: ({ both, candidate }, label) => {
      const spec = (arm: Arm): ReleaseSpec => ({
        label: arm === "candidate" ? label : "sound",
        addonsPath,
        modules: [MODULE],
        settings: settingsOf([SETTINGS, both, arm === "candidate" ? candidate : undefined]),
      });
      return serveInLab(options, Object.fromEntries(ARMS.map((arm) => [arm, spec(arm)])));
    },
    // After an interruption too.
    stop: () => stopArms({ ...options, signal: new AbortController().signal }),
  };
}

/** Later settings win; environments are put together. */
function settingsOf(changes: readonly (ServerChanges["both"] | undefined)[]): OdooSettings {
  return changes.reduce<OdooSettings>(
    (settings, change) => ({
      ...settings,
      ...change,
      environment: { ...settings.environment, ...change?.environment },
    }),
    SETTINGS,
  );
}
