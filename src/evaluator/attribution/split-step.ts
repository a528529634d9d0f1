import type { AddedPart, AddedTime } from "../../domain/judgement/evaluation.ts";
import type { Layer } from "../../domain/service.ts";
import { standsOut } from "./mean-difference.ts";
import type { Piece } from "./piece.ts";
import { splitOutside, unexplained } from "./split-outside.ts";
import { splitPython } from "./split-python.ts";
import { splitSql } from "./split-sql.ts";
import type { LogDifferences, StepDifferences } from "./step-differences.ts";
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
