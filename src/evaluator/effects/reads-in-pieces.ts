import type { Arm } from "../../domain/arm.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import type { Indicator, Margin } from "../../domain/judgement/indicator.ts";
import { formatNumber } from "../../domain/judgement/wording.ts";
import type { Service } from "../../domain/service.ts";

/**
 * marginInForce is the margin of an indicator with an allowance for statements that depend only on the order in which Odoo reads, which
 * are no work of the release. `allowance` holds a warning that states the amount and the reason.
 */
export function marginInForce(
  { margin, unit, service }: Indicator,
  evidence: Evidence,
): { readonly margin: Margin; readonly allowance: readonly string[] } {
  if (unit !== "statements" || service === "platform") return { margin, allowance: [] };
  const { perTransaction, tables } = readsInPieces(evidence, service);
  if (tables.length === 0) return { margin, allowance: [] };
  const reads = `one arm reads ${tables.join(", ")} in two statements, the other arm in one`;
  const absolute = margin.absolute + perTransaction;
  return { margin: { ...margin, absolute }, allowance: [`${reads}: ${formatNumber(perTransaction)} added to the margin`] };
}

/** READ_BY_ID matches reads of columns of records by their ids, with which Odoo fills its cache; translated columns join their table. */
const READ_BY_ID =
  /^SELECT (?:(?! FROM |\bSELECT\b).)+ FROM ("\w+")(?: LEFT JOIN "ir_translation" .+)? WHERE \(*\1\."?id"? IN \(\.\.\.\)\)*$/;

/** Least ratio of the smallest to the largest change of calls: the three exchanged reads change in the same transactions. */
const LEAST_LIKENESS = 0.8;

/** Least change of calls, as a share of the transactions: the exchange occurs in most transactions; less comes from their mix. */
const LEAST_SHARE = 0.5;

/** ReadsInPieces is the number of statements per transaction by which the arms may differ without a difference in work. */
export interface ReadsInPieces {
  readonly perTransaction: number;
  /** Tables whose records one arm reads in two statements and the other in one. */
  readonly tables: readonly string[];
}

/**
 * readsInPieces finds tables whose columns one arm reads in two statements and the other in one, as statements per transaction of the
 * service.
 *
 * Where an amount is rounded before other code reads its currency, Odoo 14 reads only the columns `rounding` and `decimal_places`,
 * one by one (`fields.py`); in the other order the whole row has been read before. A server keeps its order, probably that of Python's
 * sets, until it is restarted. So a release may run one statement more per order than the same release: in 1 of 54 campaigns of
 * equal releases, and in 11 of 68 in which one server had a different environment.
 *
 * Of the statements that read the table by ids and whose calls changed by at least half the transactions (baseline scaled to the
 * candidate), one must change in one direction and two in the other, all by the same number of calls within a fifth. The allowance
 * for the table is that number divided by the transactions, at most 1. pg_stat_statements does not show the service, so every service
 * with at most twice as many transactions as the exchange has calls gets the allowance.
 */
export function readsInPieces(evidence: Evidence, service: Service): ReadsInPieces {
  const transactions = transactionsOf(evidence, "candidate", service);
  const tables: string[] = [];
  let perTransaction = 0;
  if (transactions === 0) return { perTransaction, tables };
  for (const [table, changes] of changedReads(evidence)) {
    const exchanged = changes.filter((change) => Math.abs(change) >= LEAST_SHARE * transactions);
    const sizes = exchanged.map(Math.abs);
    const more = exchanged.filter((change) => change > 0).length;
    const isOneForTwo = exchanged.length === 3 && (more === 1 || more === 2);
    if (!isOneForTwo || Math.min(...sizes) < LEAST_LIKENESS * Math.max(...sizes)) continue;
    tables.push(table);
    perTransaction += Math.min(1, Math.min(...sizes) / transactions);
  }
  return { perTransaction, tables: tables.sort() };
}

/** changedReads lists, by table, the added calls of each statement that reads records by their ids. */
function changedReads(evidence: Evidence): Map<string, readonly number[]> {
  const scale = transactionsOf(evidence, "candidate", null) / Math.max(1, transactionsOf(evidence, "baseline", null));
  const reads = new Map<string, { table: string; change: number }>();
  for (const { arm, statement, calls } of evidence.statements) {
    const table = READ_BY_ID.exec(statement)?.[1]?.replaceAll('"', "");
    if (table === undefined) continue;
    const change = (reads.get(statement)?.change ?? 0) + (arm === "candidate" ? calls : -scale * calls);
    reads.set(statement, { table, change });
  }
  const tables = new Map<string, number[]>();
  for (const { table, change } of reads.values()) tables.set(table, [...(tables.get(table) ?? []), change]);
  return tables;
}

/** transactionsOf counts the successful transactions of one arm, warm-up included, of one service, or of all where it is null. */
export function transactionsOf({ transactions }: Evidence, arm: Arm, service: string | null): number {
  return transactions
    .filter((entry) => entry.arm === arm && (service === null || entry.service === service))
    .reduce((total, { count }) => total + count, 0);
}
