import { setTimeout as sleep } from "node:timers/promises";

import type { PerArm } from "../../domain/arm.ts";
import type { Fault } from "../../domain/judgement/drill.ts";
import type { OdooSettings } from "../../domain/target/release.ts";
import type { ArmEndpoint } from "../../domain/target/target.ts";
import type { RunningLab } from "../services/running-lab.ts";

/** LabFault is a fault with what puts it into the lab. */
export interface LabFault extends Fault {
  /** Says with which settings the servers are started, where the fault needs that, and makes what they connect to. */
  readonly serve?: (stage: FaultStage, amount: number) => Promise<ServerChanges>;
  /**
   * Puts the fault in once the servers are up and warm, and says in one sentence what shows that it is in effect. It throws where
   * nothing does. A fault of the time of the load alone is tried out and taken back here.
   */
  readonly inject: (scene: FaultScene, amount: number) => Promise<string>;
  /** Keeps the fault up while the load runs, where that needs doing. */
  readonly disturb?: (scene: FaultScene, amount: number) => Promise<Disturbance>;
}

/** FaultStage is what a fault has to work with before the servers are started. */
export interface FaultStage {
  readonly lab: RunningLab;
  /** Draws a number in [0, 1). */
  readonly random: () => number;
  /**
   * Registers what takes the fault away and makes sure that it is gone, or throws. It runs whatever happens, the last one first,
   * so it is registered before the act that it undoes.
   */
  readonly afterwards: (undo: () => Promise<void>) => void;
}

/** FaultScene is what it has once they serve. */
export interface FaultScene extends FaultStage {
  readonly arms: PerArm<ArmEndpoint>;
}

/** ServerChanges are settings of both arms' servers, without which the fault would have nothing to hurt, and of the candidate's alone. */
export interface ServerChanges {
  readonly both?: Partial<OdooSettings>;
  readonly candidate?: Partial<OdooSettings>;
}

/** Disturbance is something that goes on until it is stopped; `stop` throws what went wrong in it. */
export interface Disturbance {
  stop(): Promise<void>;
}

/** notInEffect is the error of an injector that cannot show its fault. */
export function notInEffect(what: string): Error {
  return new Error(`not in effect: ${what}`);
}

/** notUndone is the error of an undo that finds its fault still there. */
export function notUndone(what: string): Error {
  return new Error(`not undone: ${what}`);
}

/** goOn starts work that goes on until it is stopped, and ends soon after. What it throws is kept for `stop`. */
export function goOn(work: (stopped: AbortSignal) => Promise<void>): Disturbance {
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

/** pause waits, and ends early, without an error, where it is told to stop. */
export async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopped }).catch(() => undefined);
}

/** untilAborted waits until it is told to stop. */
export async function untilAborted(stopped: AbortSignal): Promise<void> {
  if (!stopped.aborted) await new Promise((resolve) => stopped.addEventListener("abort", resolve, { once: true }));
}
