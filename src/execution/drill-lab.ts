import { type Arm, ARMS, type PerArm } from "../domain/arm.ts";
import type { OdooSettings, ReleaseSpec } from "../domain/target/release.ts";
import type { ArmEndpoint, Target } from "../domain/target/target.ts";
import type { FaultScene, FaultStage, LabFault, ServerChanges } from "../lab/faults/fault.ts";
import { stopArms } from "../lab/prepare-arms.ts";
import { openRunningLab } from "../lab/services/running-lab.ts";
import type { LabOptions } from "../lab/state/state.ts";
import { seededRandom } from "../statistics/random.ts";
import { serveInLab } from "./lab-arms.ts";
import type { AroundLoad, PreparedTarget } from "./perform-run.ts";

/** MODULE is the addon of both arms. The addon's faults are switched on by environment variables; without them it does nothing. */
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
    // An interrupted drill must stop its servers too, so this signal is never aborted.
    stop: () => stopArms({ ...options, signal: new AbortController().signal }),
  };
}

/** settingsOf merges settings: later ones win, and environments are merged name by name. */
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

/** DrillLab is the lab as a drill needs it. */
export interface DrillLab extends Pick<FaultStage, "lab" | "random"> {
  /** Starts both arms on fresh data, with the same code and with these changes of their settings. */
  readonly serve: (changes: ServerChanges, candidate: string) => Promise<PreparedTarget>;
  /** Stops the servers of both arms, and with them the effect of the changed settings. */
  readonly stop: () => Promise<void>;
}

/** FaultInLab puts one fault into the lab and takes it out again. */
export interface FaultInLab {
  readonly prepare: () => Promise<PreparedTarget>;
  readonly aroundLoad: AroundLoad;
  /** Takes the fault out. It never throws; `failure` names an error. */
  undo(): Promise<void>;
  /** The observation that the fault was in effect; null where there is none. */
  proof(): string | null;
  /** Why the fault does not count as injected and undone; null where it does. */
  failure(): string | null;
}

/** faultInLab keeps the order: start servers, inject fault, load, undo. It keeps the first failure of the fault's own work. */
export function faultInLab(fault: LabFault, amount: number, { lab, random, serve, stop }: DrillLab): FaultInLab {
  const undos: (() => Promise<void>)[] = [];
  const stage: FaultStage = { lab, random, afterwards: (undo) => void undos.push(undo) };
  let scene: FaultScene | null = null;
  let proof: string | null = null;
  let failure: string | null = null;

  /** byFault records a failure of `work` as the fault's failure, as distinct from the campaign's. */
  async function byFault<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      failure ??= error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  return {
    async prepare() {
      const changes = await byFault(async () => (await fault.serve?.(stage, amount)) ?? {});
      const prepared = await serve(changes, fault.id);
      const served: FaultScene = { ...stage, arms: bothArms(prepared.target) };
      proof = await byFault(() => fault.inject(served, amount));
      scene = served;
      return prepared;
    },
    async aroundLoad(load) {
      const served = scene;
      if (served === null) throw new Error("the load began before the servers were started");
      const disturbance = await byFault(async () => fault.disturb?.(served, amount));
      try {
        return await load();
      } finally {
        await byFault(async () => disturbance?.stop());
      }
    },
    async undo() {
      for (const undo of [...undos.splice(0).toReversed(), stop]) await byFault(undo).catch(() => undefined);
    },
    proof: () => proof,
    failure: () => failure,
  };
}

function bothArms({ arms: { baseline, candidate } }: Target): PerArm<ArmEndpoint> {
  if (baseline === undefined || candidate === undefined) throw new Error("a drill needs both arms");
  return { baseline, candidate };
}
