import type { AddedPart } from "../../domain/judgement/evaluation.ts";
import { type LogDifferences, standsOut } from "./differences.ts";

/** SharedSql is what is known about added SQL time only for the whole arm, in ms per request. */
export interface SharedSql {
  /** Time of one call of the statements that run more often; null where none does. */
  readonly gainedStatementMs: number | null;
  readonly slowerSqlMs: number;
  readonly lockWaits: { readonly added: number; readonly standardError: number } | null;
  readonly io: { readonly added: number; readonly standardError: number } | null;
}

/**
 * moreStatementsMs is the part of the added SQL time of a step that more statements explain, in ms per request:
 *
 *   added statements x ms per statement, at most the whole added SQL time.
 *
 * The time per statement is the larger of two: the mean of the step in the baseline, measured in Odoo, and the mean in PostgreSQL of
 * the statements that the candidate runs more often, which may be more expensive than the mean of the step.
 */
export function moreStatementsMs({ sql, statements }: LogDifferences, gainedStatementMs: number | null): number {
  if (!standsOut(statements) || sql.added <= 0) return 0;
  const usual = statements.baseline > 0 ? sql.baseline / statements.baseline : 0;
  return Math.min(sql.added, statements.added * Math.max(usual, gainedStatementMs ?? 0));
}

/**
 * splitSql splits the added SQL time of a step:
 *
 * - more statements, by moreStatementsMs;
 * - lock waits and disk I/O, which are known only for the whole arm, get the same share of the rest as in the whole arm:
 *   added lock waits (I/O) per request / added SQL time per request that more statements do not explain;
 * - slower statements are the remainder.
 */
export function splitSql(log: LogDifferences, shared: SharedSql): Piece[] {
  const { sql } = log;
  const isCredible = standsOut(sql);
  const piece = (part: AddedPart["part"], addedMs: number, known: AddedPart["known"]): Piece => ({
    part,
    layer: part === "more-statements" ? "odoo" : "postgres",
    addedMs,
    standardError: sql.standardError,
    known,
    isCredible,
  });
  const more = moreStatementsMs(log, shared.gainedStatementMs);
  const rest = sql.added - more;
  const locks = rest * shareOf(shared.lockWaits, shared.slowerSqlMs);
  const io = clampTo(rest * shareOf(shared.io, shared.slowerSqlMs), rest - locks);
  return [
    piece("more-statements", more, "step"),
    piece("lock-waits", locks, "arm"),
    piece("io", io, "arm"),
    piece("slower-statements", rest - locks - io, "step"),
  ];
}

function shareOf(waits: SharedSql["io"], slowerSqlMs: number): number {
  if (waits === null || slowerSqlMs <= 0 || !standsOut(waits)) return 0;
  return Math.min(1, waits.added / slowerSqlMs);
}

/** Piece is a part of the added time that also says whether it may explain the added time. */
export interface Piece extends AddedPart {
  /** The measurement behind the part stands out from its noise. */
  readonly isCredible: boolean;
}

/** clampTo limits a part to the time that is left to explain, with the same sign; 0 where the signs differ. */
export function clampTo(value: number, room: number): number {
  if (value * room <= 0) return 0;
  return Math.sign(room) * Math.min(Math.abs(value), Math.abs(room));
}
