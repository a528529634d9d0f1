import type { PerArm } from "../../domain/arm.ts";
import type { StatementUse } from "../../domain/judgement/causes.ts";
import type { StatementChange } from "../../domain/judgement/evaluation.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { transactionsOf } from "../effects/reads-in-pieces.ts";

/** Least growth per transaction with which a statement runs more often or takes more time; less comes from the mix of transactions. */
const leastGrowth = 0.1;

/** Least added calls per transaction of the arm; fewer come from an UPDATE that was flushed in more parts. */
const fewestCalls = 0.1;

/** Most statements listed: enough to act on, few enough to read. */
const mostNamed = 8;

/** costlierStatements are the statements that run more often, most added calls first, then those with the most added time. */
export function costlierStatements(evidence: Evidence): StatementChange[] {
  const changes = statementChanges(evidence);
  const gained = changes
    .filter(({ calls }) => grew(calls) && calls.candidate - calls.baseline >= fewestCalls)
    .sort((a, b) => b.calls.candidate - b.calls.baseline - (a.calls.candidate - a.calls.baseline));
  const slower = changes.filter(({ execMs }) => grew(execMs));
  return [...new Set([...gained.slice(0, mostNamed / 2), ...slower])].slice(0, mostNamed);
}

function grew({ baseline, candidate }: PerArm<number>): boolean {
  return candidate > baseline * (1 + leastGrowth);
}

/** gainedStatementMs is the mean time of the added calls, by the time per call of the baseline where it has calls; null without any. */
export function gainedStatementMs(evidence: Evidence): number | null {
  let calls = 0;
  let ms = 0;
  for (const change of statementChanges(evidence)) {
    const { baseline, candidate } = change.calls;
    if (!grew(change.calls)) continue;
    const msPerCall = baseline > 0 ? change.execMs.baseline / baseline : change.execMs.candidate / candidate;
    calls += candidate - baseline;
    ms += (candidate - baseline) * msPerCall;
  }
  return calls > 0 ? ms / calls : null;
}

/** slowerByMs is the added time of a statement per transaction, in ms, that comes from slower calls. */
export function slowerByMs({ calls, execMs }: StatementChange): number {
  if (calls.baseline <= 0 || calls.candidate <= 0) return 0;
  return calls.candidate * (execMs.candidate / calls.candidate - execMs.baseline / calls.baseline);
}

/** statementChanges compares each statement between the arms, per transaction of the whole arm, the largest added time first. */
export function statementChanges(evidence: Evidence): StatementChange[] {
  const done = { baseline: transactionsOf(evidence, "baseline", null), candidate: transactionsOf(evidence, "candidate", null) };
  if (done.baseline <= 0 || done.candidate <= 0) return [];
  const uses = new Map<string, Partial<PerArm<StatementUse>>>();
  for (const use of evidence.statements) uses.set(use.statement, { ...uses.get(use.statement), [use.arm]: use });
  const changes = [...uses].map(([statement, use]): StatementChange => {
    const per = (value: "calls" | "execMs" | "rows" | "blocks" | "walBytes"): PerArm<number> => ({
      baseline: (use.baseline?.[value] ?? 0) / done.baseline,
      candidate: (use.candidate?.[value] ?? 0) / done.candidate,
    });
    return {
      statement,
      tables: tablesOf(statement),
      calls: per("calls"),
      execMs: per("execMs"),
      rows: per("rows"),
      blocks: per("blocks"),
      walBytes: per("walBytes"),
    };
  });
  return changes.sort((a, b) => addedMs(b) - addedMs(a) || (a.statement < b.statement ? -1 : 1));
}

function addedMs({ execMs }: StatementChange): number {
  return execMs.candidate - execMs.baseline;
}

/** TABLE finds names after FROM, JOIN, INTO and UPDATE, without functions; `FOR UPDATE` and `DO UPDATE` name no table. */
const TABLE = /\b(?:from|join|into|(?<!for |key |do )update(?: only)?)\s+"?([a-z_][\w.]*)(?![\w.(])"?/gi;

/** tablesOf lists the tables of a statement, each once, in the order of the text. */
export function tablesOf(statement: string): string[] {
  const names = [...statement.matchAll(TABLE)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  return [...new Set(names)];
}
