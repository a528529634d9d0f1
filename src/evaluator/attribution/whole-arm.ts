import { ARMS } from "../../domain/arm.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { type ArmDifferences, armDifferences, type MeanDifference, standsOut, type StepDifferences } from "./differences.ts";
import { moreStatementsMs } from "./split-sql.ts";
import { gainedStatementMs } from "./statement-changes.ts";

/** WholeArm is what is known of the candidate as a whole and shared out among its steps. */
export interface WholeArm extends ArmDifferences {
  /** What PostgreSQL took for one call of the statements that run more often; null where none does. */
  readonly gainedStatementMs: number | null;
  /** Added SQL time per request that more statements do not explain, over all steps. */
  readonly slowerSqlMs: number;
  /** Requests take more of Odoo's time, so that a longer queue follows from them. */
  readonly isBusier: boolean;
  /** Added Python time is about the same in all steps, however cheap they are. */
  readonly isAlike: boolean;
  /** Added time of commands inside Redis, per request; null where the arms share one Redis, or none was read. */
  readonly redisMs: number | null;
  readonly hasRedis: boolean;
}

/** A longer queue follows from longer requests from here on, as a share of the baseline's time in Odoo. */
const busierFrom = 0.05;

/** With fewer steps nobody can tell what is alike in all of them. */
const fewestAlike = 4;

/** wholeArm gathers what the steps share. */
export function wholeArm(evidence: Evidence, steps: readonly StepDifferences[]): WholeArm {
  const arm = armDifferences(evidence);
  const price = gainedStatementMs(evidence);
  const { busy } = arm;
  return {
    ...arm,
    gainedStatementMs: price,
    slowerSqlMs: slowerSql(steps, price),
    isBusier: busy !== null && standsOut(busy) && busy.added >= busierFrom * busy.baseline,
    isAlike: isAlike(steps, arm.python),
    redisMs: ownRedis(evidence),
    hasRedis: (evidence.causes?.redis.length ?? 0) > 0,
  };
}

function slowerSql(steps: readonly StepDifferences[], price: number | null): number {
  let sum = 0;
  let count = 0;
  for (const { log, requests } of steps) {
    if (log === null) continue;
    sum += Math.max(0, log.sql.added - moreStatementsMs(log, price)) * requests.candidate;
    count += requests.candidate;
  }
  return count > 0 ? sum / count : 0;
}

/**
 * What each request does alike is to read its session, before its own work begins. A slow processor, in contrast, slows dear
 * requests down by more milliseconds than cheap ones, and a slow step only itself: then the lower quartile of the steps gains far
 * less than the mean request.
 */
function isAlike(steps: readonly StepDifferences[], python: MeanDifference | null): boolean {
  const added = steps.flatMap(({ log }) => (log === null ? [] : [log.python.added])).sort((a, b) => a - b);
  const quarter = added[Math.floor(0.25 * (added.length - 1))] ?? 0;
  return added.length >= fewestAlike && python !== null && standsOut(python) && quarter >= 0.5 * python.added;
}

function ownRedis({ causes }: Evidence): number | null {
  const [baseline, candidate] = ARMS.map((arm) => {
    const own = causes?.redis.find((use) => use.arm === arm);
    const times = causes?.armTimes.filter((time) => time.arm === arm) ?? [];
    const requests = times.reduce((sum, { logged }) => sum + logged, 0);
    return own === undefined || requests === 0 ? null : own.commandMs / requests;
  });
  return typeof baseline === "number" && typeof candidate === "number" ? candidate - baseline : null;
}
