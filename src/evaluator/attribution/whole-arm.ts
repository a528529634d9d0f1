import { ARMS } from "../../domain/arm.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { type ArmDifferences, armDifferences, type MeanDifference, standsOut, type StepDifferences } from "./differences.ts";
import { moreStatementsMs } from "./split-sql.ts";
import { gainedStatementMs } from "./statement-changes.ts";

/** WholeArm is what is known only for whole arms and is divided among the steps. */
export interface WholeArm extends ArmDifferences {
  /** Time in PostgreSQL of one call of the statements that run more often, in ms; null where none does. */
  readonly gainedStatementMs: number | null;
  /** Added SQL time per request that more statements do not explain, over all steps. */
  readonly slowerSqlMs: number;
  /** Requests take more time in Odoo, which makes the queue longer. */
  readonly isBusier: boolean;
  /** Added Python time is about the same in all steps, cheap and expensive ones. */
  readonly isAlike: boolean;
  /** Added time of commands inside Redis, in ms per request; null where the arms share one Redis, or none was read. */
  readonly redisMs: number | null;
  readonly hasRedis: boolean;
}

/** Least added time in Odoo, as a share of the baseline's, that explains a longer queue. */
const busierFrom = 0.05;

/** Fewest steps that can show whether a time is added to all of them alike. */
const fewestAlike = 4;

/** wholeArm computes what is divided among the steps. */
export function wholeArm(evidence: Evidence, steps: readonly StepDifferences[]): WholeArm {
  const arm = armDifferences(evidence);
  const msPerCall = gainedStatementMs(evidence);
  const { busy } = arm;
  return {
    ...arm,
    gainedStatementMs: msPerCall,
    slowerSqlMs: slowerSql(steps, msPerCall),
    isBusier: busy !== null && standsOut(busy) && busy.added >= busierFrom * busy.baseline,
    isAlike: isAlike(steps, arm.python),
    redisMs: ownRedis(evidence),
    hasRedis: (evidence.causes?.redis.length ?? 0) > 0,
  };
}

function slowerSql(steps: readonly StepDifferences[], msPerCall: number | null): number {
  let sum = 0;
  let count = 0;
  for (const { log, requests } of steps) {
    if (log === null) continue;
    sum += Math.max(0, log.sql.added - moreStatementsMs(log, msPerCall)) * requests.candidate;
    count += requests.candidate;
  }
  return count > 0 ? sum / count : 0;
}

/**
 * isAlike says whether all steps gained about the same Python time, as a slow session store causes: every request reads its session. A
 * slow processor adds more milliseconds to expensive requests than to cheap ones, and a slow step adds time only to itself: in both
 * cases the lower quartile of the steps gains far less than the mean request.
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
