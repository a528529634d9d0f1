import type { Arm } from "../../domain/arm.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import type { Indicator, Margin } from "../../domain/judgement/indicator.ts";
import type { Service } from "../../domain/service.ts";
import { formatNumber } from "./wording.ts";

/**
 * marginInForce is the margin that an indicator is held to, and in `allowance` what was added to it and why: statements that only
 * come of the order in which Odoo reads are no work of the release.
 */
export function marginInForce(
  { margin, unit, service }: Indicator,
  evidence: Evidence,
): { readonly margin: Margin; readonly allowance: readonly string[] } {
  if (unit !== "statements" || service === "platform") return { margin, allowance: [] };
  const { perTransaction, tables } = readsInPieces(evidence, service);
  if (tables.length === 0) return { margin, allowance: [] };
  const reads = `one arm reads ${tables.join(", ")} in two statements where the other has one`;
  const absolute = margin.absolute + perTransaction;
  return { margin: { ...margin, absolute }, allowance: [`${reads}: ${formatNumber(perTransaction)} added to the margin`] };
}

/** Columns of one table's records, found by their ids, as Odoo fills its cache; translated columns bring their table along. */
const READ_BY_ID =
  /^SELECT (?:(?! FROM |\bSELECT\b).)+ FROM ("\w+")(?: LEFT JOIN "ir_translation" .+)? WHERE \(*\1\."?id"? IN \(\.\.\.\)\)*$/;

/** The three reads that are exchanged come and go in the same transactions: the smallest change of calls against the largest. */
const LEAST_LIKENESS = 0.8;

/** It happens in the flow of a transaction, and so in most of them; less is the mix of transactions. */
const LEAST_SHARE = 0.5;

/** ReadsInPieces is by how much the statements per transaction may differ without any other work. */
export interface ReadsInPieces {
  readonly perTransaction: number;
  /** The tables whose records one arm reads in two statements, and the other in one. */
  readonly tables: readonly string[];
}

/**
 * readsInPieces finds tables of which one arm reads the columns in two statements where the other has one, as statements per
 * transaction of the service.
 *
 * Where an amount is rounded before anything else has asked for its currency, Odoo 14 reads only the columns `rounding` and
 * `decimal_places`, one by one (`fields.py`); in the other order the whole row is read before. A server keeps its order until it
 * is started again, probably that of Python's sets. So a release may run one statement more per order than the same release: in
 * 1 of 54 campaigns of equal releases, and in 11 of 68 in which the environment of one server was another one.
 *
 * Of the texts that read the table by ids, and whose calls changed by at least half the transactions (baseline scaled to the
 * candidate's), one has to change one way and two the other way, all by the same number of calls give or take a fifth. That number
 * over the transactions, at most 1, is what the table is worth. Which service it was pg_stat_statements cannot tell: each that has
 * at most twice as many transactions as the exchange has calls may have been it.
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

/** By table, how many more calls the candidate makes of each text in which records are read by their ids. */
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

/** transactionsOf counts the good transactions of one arm, warm-up included: of one service, or of all where it is null. */
export function transactionsOf({ transactions }: Evidence, arm: Arm, service: string | null): number {
  return transactions
    .filter((entry) => entry.arm === arm && (service === null || entry.service === service))
    .reduce((total, { count }) => total + count, 0);
}
