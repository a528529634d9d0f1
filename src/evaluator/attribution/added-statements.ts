import type { Arm } from "../../domain/arm.ts";
import { type IndicatorChange, isRegressed, type JudgedChange, type StatementChange } from "../../domain/judgement/evaluation.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { formatNumber } from "../../domain/judgement/wording.ts";
import { describeScenario } from "../../domain/load/scenario-unit.ts";
import type { Service } from "../../domain/service.ts";
import { transactionsOf } from "../effects/reads-in-pieces.ts";
import { type Finding, leastShareNamed, shortenStatement } from "./findings.ts";
import { statementChanges } from "./statement-changes.ts";

/** Least growth of the calls per transaction of a statement; smaller growth comes from the mix of transactions. */
const leastGrowth = 0.05;

/** Most statements named for added statements, for each service, and for added buffer accesses. */
const mostStatements = 3;
const mostBlockReaders = 2;

/**
 * addedStatements names the SQL statements behind regressed statement counts.
 *
 * Odoo's log shows which step runs more statements; pg_stat_statements shows which statements ran more often in the whole database;
 * neither shows both. The calls of a statement are divided among the regressed services in proportion to the calls that each gained.
 */
export function addedStatements(evidence: Evidence, changes: readonly IndicatorChange[]): Finding[] {
  const work = regressedWork(evidence, changes);
  const gained = work.reduce((total, { perTransaction, transactions }) => total + perTransaction * transactions, 0);
  if (gained <= 0) return [];
  const named = statementsGained(evidence)
    .filter(({ calls }) => calls / gained >= leastShareNamed)
    .sort((a, b) => b.calls - a.calls)
    .slice(0, mostStatements);
  return work.flatMap((each) =>
    named.length === 0 ? [unknownStatement(each)] : named.map((statement) => namedStatement(each, statement, gained)),
  );
}

interface RegressedWork {
  readonly service: Service;
  /** Step inside the transaction that gained most statements, or the label of the transaction. */
  readonly place: string;
  /** One transaction, in the singular. */
  readonly unit: string;
  /** Statements added per transaction, by the count in Odoo's log. */
  readonly perTransaction: number;
  readonly transactions: number;
}

function regressedWork(evidence: Evidence, changes: readonly IndicatorChange[]): RegressedWork[] {
  return changes
    .filter((change) => isRegressed(change))
    .flatMap((change): RegressedWork[] => {
      const { service, scenario, step, quantity } = change;
      if (quantity !== "statements" || typeof scenario !== "string" || step !== null || service === "platform") return [];
      const { label, unit } = describeScenario(scenario);
      return [
        {
          service,
          place: busiestStep(scenario, changes) ?? label,
          unit,
          perTransaction: change.candidate - change.baseline,
          transactions: transactionsOf(evidence, "candidate", service),
        },
      ];
    })
    .filter(({ perTransaction }) => perTransaction > 0)
    .sort((a, b) => b.perTransaction * b.transactions - a.perTransaction * a.transactions);
}

/** busiestStep is the step of the scenario whose requests gained most statements; null where none gained any. */
function busiestStep(scenario: string, changes: readonly IndicatorChange[]): string | null {
  const [first] = changes
    .filter((change) => change.scenario === scenario && change.quantity === "statements")
    .map(({ step = null, baseline, candidate }) => ({ step, gain: (candidate ?? 0) - (baseline ?? 0) }))
    .filter(({ step }) => step !== null)
    .sort((a, b) => b.gain - a.gain);
  return first !== undefined && first.gain > 0 ? first.step : null;
}

interface GainedStatement {
  readonly statement: string;
  /** Calls and milliseconds beyond those that the transactions of the candidate would have had at the rate of the baseline. */
  readonly calls: number;
  readonly ms: number;
}

function statementsGained(evidence: Evidence): GainedStatement[] {
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

function namedStatement(work: RegressedWork, { statement, ...gain }: GainedStatement, gained: number): Finding {
  const share = Math.min(1, gain.calls / gained);
  const calls = work.perTransaction * share;
  const ms = (gain.ms / gain.calls) * calls;
  const headline = describeWork(work);
  return {
    service: work.service,
    layer: "odoo",
    text: `${headline}: ${formatNumber(calls)} × "${shortenStatement(statement)}" (${formatNumber(ms)} ms more in PostgreSQL)`,
    headline,
    statement,
    addedCalls: calls,
    addedMs: ms,
  };
}

function unknownStatement(work: RegressedWork): Finding {
  const headline = describeWork(work);
  return {
    service: work.service,
    layer: "odoo",
    text: `${headline}; cannot tell which: pg_stat_statements shows no statement that gained as many calls`,
    headline,
    statement: null,
    addedCalls: work.perTransaction,
    addedMs: null,
  };
}

function describeWork({ place, perTransaction, unit }: RegressedWork): string {
  const count = formatNumber(perTransaction);
  return `${place} runs ${count} more SQL ${count === "1" ? "statement" : "statements"} per ${unit}`;
}

/**
 * addedBlocks names the statements behind regressed buffer accesses. A statement that accesses more blocks per call lost an index, its
 * query plan or the order of its table: the layer is PostgreSQL. For a statement that is called more often the layer is Odoo.
 */
export function addedBlocks(evidence: Evidence, regressed: readonly JudgedChange[]): Finding[] {
  if (!regressed.some(({ quantity }) => quantity === "buffer-accesses")) return [];
  const gained = statementChanges(evidence)
    .map((change) => ({ change, added: change.blocks.candidate - change.blocks.baseline }))
    .filter(({ added }) => added > 0);
  const whole = gained.reduce((sum, { added }) => sum + added, 0);
  return gained
    .filter(({ added }) => added >= leastShareNamed * whole)
    .sort((a, b) => b.added - a.added)
    .slice(0, mostBlockReaders)
    .map(({ change, added }) => blockReader(change, added));
}

function blockReader(change: StatementChange, added: number): Finding {
  const { calls, blocks, statement } = change;
  const perCall = (arm: Arm) => (calls[arm] > 0 ? blocks[arm] / calls[arm] : 0);
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
