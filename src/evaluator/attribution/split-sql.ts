import type { AddedPart } from "../../domain/judgement/evaluation.ts";
import { type LogDifferences, standsOut } from "./differences.ts";

/** SharedSql is what is known of added SQL time in the whole arm alone. */
export interface SharedSql {
  readonly gainedStatementMs: number | null;
  readonly slowerSqlMs: number;
  readonly lockWaits: { readonly added: number; readonly standardError: number } | null;
  readonly io: { readonly added: number; readonly standardError: number } | null;
}

/**
 * moreStatementsMs is the added SQL time of a step that more statements explain:
 *
 *   added statements x ms a statement, at most all of the added SQL time,
 *
 * where a statement costs what one of the step cost in the baseline (as Odoo waits for it), or what PostgreSQL itself took for
 * the statements that the candidate runs more often, if that is more: what runs more often may be dearer than the step's mean.
 */
export function moreStatementsMs({ sql, statements }: LogDifferences, gainedStatementMs: number | null): number {
  if (!standsOut(statements) || sql.added <= 0) return 0;
  const usual = statements.baseline > 0 ? sql.baseline / statements.baseline : 0;
  return Math.min(sql.added, statements.added * Math.max(usual, gainedStatementMs ?? 0));
}

/**
 * splitSql splits the added SQL time of a step:
 *
 * - more statements, as above;
 * - of the rest, lock waits and disk I/O have the shares that they have in the whole arm, which alone they are known for:
 *   added lock waits (I/O) per request / added SQL time per request that more statements do not explain;
 * - slower statements are what is left.
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

/** Piece is a part of the added time with what decides whether it may explain anything. */
export interface Piece extends AddedPart {
  /** What it was measured as stands out from its own noise. */
  readonly isCredible: boolean;
}

/** clampTo keeps a part within what there is to explain, and on the same side of zero. */
export function clampTo(value: number, room: number): number {
  if (value * room <= 0) return 0;
  return Math.sign(room) * Math.min(Math.abs(value), Math.abs(room));
}
