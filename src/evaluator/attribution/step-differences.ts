import type { Arm, PerArm } from "../../domain/arm.ts";
import type { StepTime } from "../../domain/judgement/causes.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import type { Service } from "../../domain/service.ts";
import type { RatioEntry } from "../estimate.ts";
import { type MeanDifference, meanDifference } from "./mean-difference.ts";
import { byArmAndBlock, type PlacedRows } from "./placed-rows.ts";

/** StepDifferences are the times of one step in both arms, in ms per request, where they could be measured. */
export interface StepDifferences {
  readonly step: string;
  readonly scenario: string;
  readonly service: Service;
  /** Good requests in undisturbed blocks. */
  readonly requests: PerArm<number>;
  readonly client: MeanDifference;
  readonly late: MeanDifference;
  /** Null where an arm's log tells nothing of the step. */
  readonly log: LogDifferences | null;
  /** Wait for a worker; null where it is not known. */
  readonly queue: MeanDifference | null;
}

/** LogDifferences are what Odoo's log says of the requests of a step. */
export interface LogDifferences {
  readonly python: MeanDifference;
  readonly sql: MeanDifference;
  readonly statements: MeanDifference;
  /** By how much requests took longer because some of them were run again. */
  readonly retries: MeanDifference;
}

/** stepDifferences compares the times of each step that both arms made, in the blocks that nothing disturbed. */
export function stepDifferences(evidence: Evidence): StepDifferences[] {
  const steps = new Map<string, StepTime[]>();
  for (const row of evidence.causes?.stepTimes ?? []) {
    const key = `${row.scenario}\n${row.step}`;
    steps.set(key, [...(steps.get(key) ?? []), row]);
  }
  return [...steps.values()].flatMap((rows) => {
    const found = compareStep(byArmAndBlock(rows, evidence.blocks));
    return found === null ? [] : [found];
  });
}

function compareStep(rows: PlacedRows<StepTime>): StepDifferences | null {
  const first = rows.first;
  const client = compare(rows, ({ clientMs, requests }) => [clientMs, requests]);
  const late = compare(rows, ({ lateMs, requests }) => [lateMs, requests]);
  if (first === null || client === null || late === null) return null;
  const count = (arm: Arm) => rows.entries[arm].reduce((sum, row) => sum + (row?.requests ?? 0), 0);
  return {
    step: first.step,
    scenario: first.scenario,
    service: first.service,
    requests: { baseline: count("baseline"), candidate: count("candidate") },
    client,
    late,
    log: compareLogs(rows),
    queue: compare(rows, ({ queueMs, queueKnown }) => [queueMs, queueKnown]),
  };
}

function compareLogs(rows: PlacedRows<StepTime>): LogDifferences | null {
  const python = compare(rows, ({ pythonMs, logged }) => [pythonMs, logged]);
  const sql = compare(rows, ({ sqlMs, logged }) => [sqlMs, logged]);
  const statements = compare(rows, (row) => [row.statements, row.logged]);
  if (python === null || sql === null || statements === null) return null;
  // A request that was run again would have taken what the others took; the rest of its time is what the conflict cost.
  const usual = { baseline: python.baseline + sql.baseline, candidate: python.candidate + sql.candidate };
  const retries = compare(rows, ({ arm, logged, retried, retriedMs }) => [retriedMs - retried * usual[arm], logged + retried]);
  return retries === null ? null : { python, sql, statements, retries };
}

type Read = (row: StepTime) => readonly [sum: number, count: number];

function compare({ entries }: PlacedRows<StepTime>, read: Read): MeanDifference | null {
  const ratios = (arm: Arm): RatioEntry[] =>
    entries[arm].map((row) => {
      const [numerator, denominator] = row === null ? [0, 0] : read(row);
      return { numerator, denominator };
    });
  return meanDifference({ baseline: ratios("baseline"), candidate: ratios("candidate") });
}
