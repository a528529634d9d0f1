import type { Attribution, IndicatorChange, StatementChange } from "../../domain/judgement/evaluation.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import type { Service } from "../../domain/service.ts";
import { transactionsOf } from "../effects/reads-in-pieces.ts";
import { formatNumber } from "../effects/wording.ts";
import { statementChanges } from "./statement-changes.ts";

/** Of all added calls, the least share that a statement must explain to be named. */
const leastShare = 0.2;

/** Growth of its calls per transaction from which on a statement gained any; less is the mix of transactions. */
const leastGrowth = 0.05;

/** Statements named per service. */
const mostStatements = 3;

interface AddedStatement {
  readonly statement: string;
  /** Calls and milliseconds that the candidate's transactions would not have made at the baseline's rate. */
  readonly calls: number;
  readonly ms: number;
}

interface RegressedWork {
  readonly service: Service;
  /** Label of the step inside the transaction that gained most statements, or of the transaction. */
  readonly step: string;
  readonly unit: string;
  /** Statements added per transaction, by Odoo's own count. */
  readonly perTransaction: number;
  readonly transactions: number;
}

/**
 * addedStatements names the SQL statements behind regressed statement counts.
 *
 * Odoo's log says which step runs more statements, pg_stat_statements says which statements ran more often in the whole
 * database; neither knows both. A statement is charged to the regressed services in proportion to the calls that each gained.
 */
export function addedStatements(evidence: Evidence, changes: readonly IndicatorChange[]): Attribution[] {
  const work = regressedWork(evidence, changes);
  const gained = work.reduce((total, { perTransaction, transactions }) => total + perTransaction * transactions, 0);
  if (gained <= 0) return [];
  const named = statementsGained(evidence)
    .filter(({ calls }) => calls / gained >= leastShare)
    .sort((a, b) => b.calls - a.calls)
    .slice(0, mostStatements);
  return work.flatMap((each) =>
    named.length === 0 ? [unnamed(each)] : named.map((statement) => finding(each, statement, gained)),
  );
}

function regressedWork(evidence: Evidence, changes: readonly IndicatorChange[]): RegressedWork[] {
  return changes
    .filter(
      ({ indicator, change, service }) =>
        change === "regressed" && service !== "platform" && indicator.endsWith(".statements-per-transaction"),
    )
    .map((change) => {
      const added = (change.candidate ?? 0) - (change.baseline ?? 0);
      const step = busiestStep(change, changes);
      return {
        service: change.service,
        step,
        unit: change.label.split(" per ").at(-1) ?? "transaction",
        perTransaction: added,
        transactions: transactionsOf(evidence, "candidate", change.service),
      };
    })
    .filter(({ perTransaction }) => perTransaction > 0)
    .sort((a, b) => b.perTransaction * b.transactions - a.perTransaction * a.transactions);
}

/** busiestStep finds the step of the transaction whose requests gained most statements. */
function busiestStep(change: IndicatorChange, changes: readonly IndicatorChange[]): string {
  const prefix = `${change.indicator.split(".", 1)[0] ?? ""}.`;
  const steps = changes
    .filter(({ indicator }) => indicator.startsWith(prefix) && indicator.endsWith(".statements-per-request"))
    .map(({ label, baseline, candidate }) => ({
      step: label.split(":", 1)[0] ?? label,
      gain: (candidate ?? 0) - (baseline ?? 0),
    }))
    .sort((a, b) => b.gain - a.gain);
  const first = steps[0];
  return first !== undefined && first.gain > 0 ? first.step : (change.label.split(":", 1)[0] ?? change.label);
}

function statementsGained(evidence: Evidence): AddedStatement[] {
  const scale = transactionsOf(evidence, "candidate", null) / Math.max(1, transactionsOf(evidence, "baseline", null));
  const gained = new Map<string, { calls: number; ms: number; before: number }>();
  for (const use of evidence.statements) {
    const sign = use.arm === "candidate" ? 1 : -scale;
    const sum = gained.get(use.statement) ?? { calls: 0, ms: 0, before: 0 };
    const before = sum.before + (use.arm === "baseline" ? scale * use.calls : 0);
    gained.set(use.statement, { calls: sum.calls + sign * use.calls, ms: sum.ms + sign * use.execMs, before });
  }
  return [...gained]
    .filter(([, { calls, before }]) => calls > leastGrowth * before)
    .map(([statement, { calls, ms }]) => ({ statement, calls, ms }));
}

function finding(work: RegressedWork, statement: AddedStatement, gained: number): Attribution {
  const share = Math.min(1, statement.calls / gained);
  const calls = work.perTransaction * share;
  const ms = (statement.ms / statement.calls) * calls;
  return {
    service: work.service,
    layer: "odoo",
    text:
      `${describe(work)}: ` +
      `${formatNumber(calls)} × "${shortenStatement(statement.statement)}" (${formatNumber(ms)} ms more in PostgreSQL)`,
    statement: statement.statement,
    addedCalls: calls,
    addedMs: ms,
  };
}

function unnamed(work: RegressedWork): Attribution {
  return {
    service: work.service,
    layer: "odoo",
    text: `${describe(work)}; cannot tell which: pg_stat_statements shows no statement that gained as many calls`,
    statement: null,
    addedCalls: work.perTransaction,
    addedMs: null,
  };
}

function describe({ step, perTransaction, unit }: RegressedWork): string {
  const count = formatNumber(perTransaction);
  return `${step} runs ${count} more SQL ${count === "1" ? "statement" : "statements"} per ${unit}`;
}

/** Of all added buffer accesses, the least share of a statement that is named. */
const leastBlocksShare = 0.2;

/** Statements named. */
const mostBlocksStatements = 2;

/**
 * addedBlocks names the statements behind regressed buffer accesses. One that touches more blocks a call has lost an index, its plan or
 * its table's order, which is PostgreSQL's; one that is called more often is Odoo's doing.
 */
export function addedBlocks(evidence: Evidence, changes: readonly IndicatorChange[]): Attribution[] {
  const isRegressed = changes.some(
    ({ indicator, change }) => change === "regressed" && indicator === "platform.blocks-per-transaction",
  );
  if (!isRegressed) return [];
  const gained = statementChanges(evidence)
    .map((change) => ({ change, added: change.blocks.candidate - change.blocks.baseline }))
    .filter(({ added }) => added > 0);
  const whole = gained.reduce((sum, { added }) => sum + added, 0);
  return gained
    .filter(({ added }) => added >= leastBlocksShare * whole)
    .sort((a, b) => b.added - a.added)
    .slice(0, mostBlocksStatements)
    .map(({ change, added }) => blocksFinding(change, added));
}

function blocksFinding(change: StatementChange, added: number): Attribution {
  const { calls, blocks, statement } = change;
  const perCall = (arm: "baseline" | "candidate") => (calls[arm] > 0 ? blocks[arm] / calls[arm] : 0);
  const byCalls = (calls.candidate - calls.baseline) * (perCall("baseline") || perCall("candidate"));
  const isDearer = byCalls < added / 2;
  const how = isDearer
    ? `${formatNumber(perCall("baseline"))} → ${formatNumber(perCall("candidate"))} a call`
    : `${formatNumber(calls.baseline)} → ${formatNumber(calls.candidate)} calls`;
  return {
    service: "platform",
    layer: isDearer ? "postgres" : "odoo",
    text: `${formatNumber(added)} more buffer accesses per transaction: most in "${shortenStatement(statement)}" (${how})`,
    statement,
    addedCalls: null,
    addedMs: null,
  };
}

/** Longest statement text inside a sentence; the whole text is in its own field. */
const longestText = 160;

/** shortenStatement cuts a statement to what a sentence can bear. */
export function shortenStatement(statement: string): string {
  return statement.length <= longestText ? statement : `${statement.slice(0, longestText - 1)}…`;
}
