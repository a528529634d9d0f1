import { standsOut, type MeanDifference } from "./mean-difference.ts";
import { clampTo, type Piece } from "./piece.ts";
import type { WholeArm } from "./whole-arm.ts";

/** Below this the CPU time of the arm grew too little to be what its Python time grew by. */
const mostCpuShare = 0.7;

/**
 * splitPython splits the added Python time of a step. Odoo's log calls Python all that is not inside a statement: computing, but
 * also commits, calls to other servers, sleeping, and the session store, which is read after Odoo's clock has started (http.py of
 * 14 and 19). CPU time of Odoo's processes is known for the whole arm, so
 *
 *   Python = added Python time x added CPU ms per request / added Python ms per request of the arm,
 *
 * where both differ by more than noise. The rest was waited. Redis has as much of it as its commands took longer where each arm
 * has a Redis of its own; and all of it where every step waits alike, since reading the session is what requests have in common.
 */
export function splitPython(python: MeanDifference, arm: WholeArm): Piece[] {
  const isCredible = standsOut(python);
  const cpuShare = isCredible ? cpuShareOf(arm) : 1;
  const waiting = cpuShare < mostCpuShare ? python.added * (1 - cpuShare) : 0;
  const isSession = arm.hasRedis && arm.isAlike;
  const redis = isSession ? waiting : clampTo(arm.redisMs ?? 0, waiting);
  const { standardError } = python;
  return [
    { part: "python", layer: "odoo", addedMs: python.added - waiting, standardError, known: "step", isCredible },
    { part: "redis", layer: "redis", addedMs: redis, standardError, known: "arm", isCredible },
    { part: "waiting", layer: "odoo", addedMs: waiting - redis, standardError, known: "arm", isCredible },
  ];
}

function cpuShareOf({ python, cpu, idle }: WholeArm): number {
  if (python === null || cpu === null || idle === null || !standsOut(python) || !standsOut(idle)) return 1;
  return Math.min(1, Math.max(0, cpu.added / python.added));
}
