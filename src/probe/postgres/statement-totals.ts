import type { Growth } from "../growth.ts";
import { growth } from "../growth.ts";
import type { StatementTotalsRow } from "./sql/statement-totals.ts";

/**
 * statementTotals makes counters, from zero at the first look, of the sums over pg_stat_statements. The sums themselves fall when
 * the server runs out of room and forgets its least used statements, which is counted in `statement_evictions`.
 */
export function statementTotals(): (row: StatementTotalsRow) => Readonly<Record<string, number>> {
  const books = new Map<string, Growth>();
  const evictions = new Map<string, { entries: number; count: number }>();

  return (row) => {
    const { database, entries } = row;
    const grown = (name: string, value: number): number => {
      const key = `${database} ${name}`;
      const book = books.get(key) ?? growth();
      books.set(key, book);
      return book.next(value);
    };
    const before = evictions.get(database) ?? { entries, count: 0 };
    const count = before.count + (entries < before.entries ? 1 : 0);
    evictions.set(database, { entries, count });
    return {
      statements_total: grown("statements", row.statements),
      exec_ms_total: grown("exec_ms", row.exec_ms),
      rows_total: grown("rows", row.rows),
      blocks_total: grown("blocks", row.blocks),
      wal_bytes_total: grown("wal_bytes", row.wal_bytes),
      statement_entries: entries,
      statement_evictions: count,
    };
  };
}
