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

/** DrillLab is the lab as a drill needs it. */
export interface DrillLab extends Pick<FaultStage, "lab" | "random"> {
  /** Brings both arms up on fresh data, with the same code, and with these changes of their settings. */
  readonly serve: (changes: ServerChanges, candidate: string) => Promise<PreparedTarget>;
  /** Ends the arms' servers, and with them what their settings did. */
  readonly stop: () => Promise<void>;
}

/** FaultInLab is one fault on its way into the lab and out again. */
export interface FaultInLab {
  readonly prepare: () => Promise<PreparedTarget>;
  readonly aroundLoad: AroundLoad;
  /** Takes the fault out. It does not throw: what went wrong is in `failure`. */
  undo(): Promise<void>;
  /** What showed that the fault was in effect, if it was. */
  proof(): string | null;
  /** Why the fault cannot count as injected and undone, or null. */
  failure(): string | null;
}

/** faultInLab keeps the order: servers, fault, load, undo. The first failure of the fault's own work is kept. */
export function faultInLab(fault: LabFault, amount: number, { lab, random, serve, stop }: DrillLab): FaultInLab {
  const undos: (() => Promise<void>)[] = [];
  const stage: FaultStage = { lab, random, afterwards: (undo) => void undos.push(undo) };
  let scene: FaultScene | null = null;
  let proof: string | null = null;
  let failure: string | null = null;

  /** What fails in here is the fault's own failure, and not the campaign's. */
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
      if (served === null) throw new Error("the load began before the servers were up");
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
