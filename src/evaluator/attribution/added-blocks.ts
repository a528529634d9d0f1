import type { Attribution, IndicatorChange, StatementChange } from "../../domain/judgement/evaluation.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { formatNumber } from "../wording.ts";
import { shortenStatement } from "./shorten-statement.ts";
import { statementChanges } from "./statement-changes.ts";

/** Of all added buffer accesses, the least share of a statement that is named. */
const leastShare = 0.2;

/** Statements named. */
const mostStatements = 2;

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
    .filter(({ added }) => added >= leastShare * whole)
    .sort((a, b) => b.added - a.added)
    .slice(0, mostStatements)
    .map(({ change, added }) => finding(change, added));
}

function finding(change: StatementChange, added: number): Attribution {
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
