import type { AddedPart, AddedTime } from "../../domain/judgement/evaluation.ts";
import type { Layer } from "../../domain/service.ts";
import { type LogDifferences, type MeanDifference, standsOut, type StepDifferences } from "./differences.ts";
import { clampTo, type Piece, splitSql } from "./split-sql.ts";
import type { WholeArm } from "./whole-arm.ts";

/** Below this share of the added time the parts are no explanation. */
const leastExplained = 0.5;

/** A nanosecond is what adding and taking away leaves over. */
const nothingMs = 1e-6;

/**
 * splitStep splits the added time of a step. The client's mean time is exactly
 *
 *   late start + outside of Odoo + Python + SQL + run again,
 *
 * each a mean over the same requests, so the differences add up too; outside of Odoo is what the others leave of the client's
 * time. How the three large ones are split further stands with splitOutside, splitPython and splitSql.
 */
export function splitStep(step: StepDifferences, arm: WholeArm): AddedTime {
  const { client, late, log } = step;
  const lateStart: Piece = {
    part: "late-start",
    layer: "loader",
    addedMs: late.added,
    standardError: late.standardError,
    known: "step",
    isCredible: standsOut(late),
  };
  const pieces = [lateStart, ...(log === null ? [unexplained(client.added - late.added)] : splitLogged(step, arm, log))];
  const named = pieces.filter(({ part, addedMs, isCredible }) => part !== "unexplained" && isCredible && addedMs > 0);
  const explainedMs = named.reduce((sum, { addedMs }) => sum + addedMs, 0);
  const explained = client.added > 0 ? Math.min(1, explainedMs / client.added) : 0;
  return {
    step: step.step,
    scenario: step.scenario,
    service: step.service,
    baselineMs: client.baseline,
    candidateMs: client.candidate,
    addedMs: client.added,
    standardError: client.standardError,
    parts: pieces.filter(({ addedMs }) => Math.abs(addedMs) > nothingMs).map(toPart),
    explained,
    layer: explained < leastExplained ? "cannot-tell" : layerOf(named, arm),
    missing: missingOf(step, arm),
  };
}

function toPart({ part, layer, addedMs, standardError, known }: Piece): AddedPart {
  return { part, layer, addedMs, standardError, known };
}

function splitLogged(step: StepDifferences, arm: WholeArm, log: LogDifferences): Piece[] {
  const { python, sql, retries } = log;
  const again: Piece = {
    part: "retries",
    layer: "postgres",
    addedMs: retries.added,
    standardError: retries.standardError,
    known: "step",
    isCredible: standsOut(retries),
  };
  const outsideMs = step.client.added - step.late.added - python.added - sql.added - retries.added;
  return [...splitPython(python, arm), ...splitSql(log, arm), again, ...splitOutside(outsideMs, step, arm)];
}

/** A queue that follows from longer requests is no cause: then what made the requests longer is. */
function layerOf(named: readonly Piece[], arm: WholeArm): Layer {
  const causes = arm.isBusier ? named.filter(({ part }) => part !== "queue") : named;
  const sums = new Map<Layer, number>();
  for (const { layer, addedMs } of causes) if (layer !== null) sums.set(layer, (sums.get(layer) ?? 0) + addedMs);
  const [most] = [...sums].sort((a, b) => b[1] - a[1]);
  if (most !== undefined) return most[0];
  return (arm.sql?.added ?? 0) > (arm.python?.added ?? 0) ? "postgres" : "odoo";
}

function missingOf({ log, queue }: StepDifferences, arm: WholeArm): string[] {
  if (log === null) return ["Odoo's log of these requests"];
  return [
    ...(arm.ingress === null ? ["the ingress's times of each arm's service"] : []),
    ...(queue === null ? ["the worker of each request in Odoo's log"] : []),
    ...(arm.cpu === null ? ["Odoo's CPU time"] : []),
    ...(arm.lockWaits === null ? ["PostgreSQL's lock waits"] : []),
  ];
}

/**
 * splitOutside splits the added time of a step outside of Odoo's own clock:
 *
 * - queue: added time in which all workers of the arm were busy, from the log's worker and times, for the step itself; where the
 *   log does not tell workers, added time between the ingress and Odoo's clock, for the whole arm;
 * - ingress: added client time minus the time for which the ingress waited for Odoo, for the whole arm;
 * - what is left is unexplained: the network between ingress and Odoo, connections, or a part of the stack that nothing observes.
 */
export function splitOutside(outsideMs: number, step: StepDifferences, arm: WholeArm): Piece[] {
  const wait = step.queue ?? arm.behindIngress;
  const queue = clampTo(wait?.added ?? 0, outsideMs);
  const ingress = clampTo(arm.ingress?.added ?? 0, outsideMs - queue);
  return [
    {
      part: "queue",
      layer: "odoo",
      addedMs: queue,
      standardError: wait?.standardError ?? null,
      known: step.queue === null ? "arm" : "step",
      isCredible: wait !== null && standsOut(wait),
    },
    {
      part: "ingress",
      layer: "ingress",
      addedMs: ingress,
      standardError: arm.ingress?.standardError ?? null,
      known: "arm",
      isCredible: arm.ingress !== null && standsOut(arm.ingress),
    },
    unexplained(outsideMs - queue - ingress),
  ];
}

/** unexplained is what no reading accounts for. */
export function unexplained(addedMs: number): Piece {
  return { part: "unexplained", layer: null, addedMs, standardError: null, known: "step", isCredible: false };
}

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
