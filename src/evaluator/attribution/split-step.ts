import type { AddedPart, AddedTime } from "../../domain/judgement/evaluation.ts";
import type { Layer } from "../../domain/service.ts";
import { type LogDifferences, type MeanDifference, standsOut, type StepDifferences } from "./differences.ts";
import { clampTo, type Piece, splitSql } from "./split-sql.ts";
import type { WholeArm } from "./whole-arm.ts";

/** Least share of the added time that the parts must explain to name a layer. */
const leastExplained = 0.5;

/** Parts of at most a nanosecond are rounding errors. */
const nothingMs = 1e-6;

/** Largest share of added CPU time in added Python time with which the rest counts as waiting. */
const mostCpuShare = 0.7;

/**
 * splitStep splits the added time of a step. The mean time of the client is exactly
 *
 *   late start + outside of Odoo + Python + SQL + retries,
 *
 * each a mean over the same requests, so their differences add up too. Time outside of Odoo is the client's time minus the other
 * parts. splitOutside, splitPython and splitSql split the three large parts further.
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

/**
 * splitPython splits the added Python time of a step. In Odoo's log Python time is all time outside of statements: computation, but
 * also commits, calls to other servers, sleeps, and the session store, which is read after Odoo's clock has started (http.py of
 * 14 and 19). CPU time of Odoo's processes is known for the whole arm, so
 *
 *   Python = added Python time x added CPU ms per request / added Python ms per request of the arm,
 *
 * where both differ by more than noise. The rest is waiting. The part of Redis is the added time of its commands where each arm has
 * a Redis, and the whole waiting time where every step waits equally long, because every request reads its session.
 */
function splitPython(python: MeanDifference, arm: WholeArm): Piece[] {
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

/**
 * splitOutside splits the added time of a step outside of the clock of Odoo's log:
 *
 * - queue: added time in which all workers of the arm were busy, from workers and times in the log, for the step itself; where the
 *   log names no workers, added time between the ingress and Odoo's clock, for the whole arm;
 * - ingress: added client time minus the time for which the ingress waited for Odoo, for the whole arm;
 * - unexplained: the remainder, such as the network between ingress and Odoo, connections, or unobserved parts of the stack.
 */
function splitOutside(outsideMs: number, step: StepDifferences, arm: WholeArm): Piece[] {
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

/** unexplained is added time that no reading explains. */
function unexplained(addedMs: number): Piece {
  return { part: "unexplained", layer: null, addedMs, standardError: null, known: "step", isCredible: false };
}

/** layerOf is the layer with the most explained time. A queue behind slower requests is no cause; the cause made the requests slow. */
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
