import { setTimeout as sleep } from "node:timers/promises";

import type { PerArm } from "../../domain/arm.ts";
import type { Fault } from "../../domain/judgement/drill.ts";
import type { OdooSettings } from "../../domain/target/release.ts";
import type { ArmEndpoint } from "../../domain/target/target.ts";
import type { RunningLab } from "../services/running-lab.ts";

/** LabFault is a fault of the drill with the code that injects it into the lab. */
export interface LabFault extends Fault {
  /** Returns the server settings that the fault needs, and starts the services that those settings point to. */
  readonly serve?: (stage: FaultStage, amount: number) => Promise<ServerChanges>;
  /**
   * Injects the fault when the servers are up and warm, and returns one sentence that shows that the fault is in effect. It
   * throws where the fault has no effect. A fault that exists only during the load is tried out here and undone.
   */
  readonly inject: (scene: FaultScene, amount: number) => Promise<string>;
  /** Keeps the fault active during the load, where the fault needs that. */
  readonly disturb?: (scene: FaultScene, amount: number) => Promise<Disturbance>;
}

/** FaultStage is what a fault can use before the servers are started. */
export interface FaultStage {
  readonly lab: RunningLab;
  /** Returns a random number in [0, 1). */
  readonly random: () => number;
  /**
   * Registers a function that undoes the fault and throws where the fault is still present. The functions always run, last
   * registered first. Register before the change that is undone.
   */
  readonly afterwards: (undo: () => Promise<void>) => void;
}

/** FaultScene is what a fault can use when the servers run. */
export interface FaultScene extends FaultStage {
  readonly arms: PerArm<ArmEndpoint>;
}

/** ServerChanges are the server settings of a fault. `both` are preconditions in both arms; `candidate` is the fault itself. */
export interface ServerChanges {
  readonly both?: Partial<OdooSettings>;
  readonly candidate?: Partial<OdooSettings>;
}

/** Disturbance is a fault that is active until it is stopped. `stop` throws the error of a disturbance that failed. */
export interface Disturbance {
  stop(): Promise<void>;
}

/** notInEffect returns the error of a fault that has no effect after its injection. */
export function notInEffect(what: string): Error {
  return new Error(`not in effect: ${what}`);
}

/** notUndone returns the error of an undo after which the fault is still present. */
export function notUndone(what: string): Error {
  return new Error(`not undone: ${what}`);
}

/** runUntilStopped starts work that runs until it is stopped. `stop` waits for its end and throws its error. */
export function runUntilStopped(work: (stopped: AbortSignal) => Promise<void>): Disturbance {
  const controller = new AbortController();
  const ended = work(controller.signal).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  return {
    async stop() {
      controller.abort();
      const failure = await ended;
      if (failure !== null) throw failure.error;
    },
  };
}

/** pause waits, and returns early, without an error, when the signal is aborted. */
export async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopped }).catch(() => undefined);
}

/** untilAborted waits until the signal is aborted. */
export async function untilAborted(stopped: AbortSignal): Promise<void> {
  if (!stopped.aborted) await new Promise((resolve) => stopped.addEventListener("abort", resolve, { once: true }));
}
