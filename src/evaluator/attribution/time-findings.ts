import type { AddedTime, StatementChange } from "../../domain/judgement/evaluation.ts";
import { formatNumber } from "../../domain/judgement/wording.ts";
import { standsOut } from "./differences.ts";
import { describeAdded, describeParts, type Finding, leastShareNamed, shortenStatement } from "./findings.ts";
import { slowerByMs } from "./statement-changes.ts";

/**
 * timeFindings are the causes of slower steps, one for each step, with the layer `cannot-tell` where too little is explained. A step
 * whose added time is neither explained nor beyond its noise has no finding.
 */
export function timeFindings(times: readonly AddedTime[], statements: readonly StatementChange[]): Finding[] {
  const reported = times.filter((time) => time.layer !== "cannot-tell" || standsOut({ ...time, added: time.addedMs }));
  return reported.map((time) => {
    const common = { service: time.service, step: time.step, addedCalls: null };
    const { layer } = time;
    if (layer === "cannot-tell") return { ...common, layer, text: describeDoubt(time), statement: null, addedMs: null };
    const addedMs = time.parts.reduce((sum, part) => sum + (part.layer === layer ? part.addedMs : 0), 0);
    const slower = layer === "postgres" ? slowestOf(statements) : null;
    const named = slower === null ? "" : `; most in "${shortenStatement(slower.statement)}" (${describeCalls(slower)})`;
    return {
      ...common,
      layer,
      text: `${describeAdded(time)}: ${describeParts(time)}${named}`,
      statement: slower?.statement ?? null,
      addedMs,
    };
  });
}

function describeDoubt(time: AddedTime): string {
  const share =
    time.explained > 0 ? `only ${formatNumber(100 * time.explained)} % of it can be explained` : "none of it can be explained";
  const parts = describeParts(time);
  const missing = time.missing.length === 0 ? "longer load" : time.missing.join(", ");
  return `${describeAdded(time)}, and ${share}${parts === "" ? "" : ` (${parts})`}: cannot tell where; ${missing} would show more`;
}

/** slowestOf is the statement whose calls became slower by the most time; null where its share of the added time is small. */
function slowestOf(statements: readonly StatementChange[]): StatementChange | null {
  const slower = statements.map((change) => ({ change, ms: slowerByMs(change) })).filter(({ ms }) => ms > 0);
  const whole = slower.reduce((sum, { ms }) => sum + ms, 0);
  const [first] = slower.sort((a, b) => b.ms - a.ms);
  return first !== undefined && first.ms >= leastShareNamed * whole ? first.change : null;
}

function describeCalls({ calls, execMs }: StatementChange): string {
  const per = (arm: "baseline" | "candidate") => formatNumber(execMs[arm] / calls[arm]);
  return `${per("baseline")} → ${per("candidate")} ms a call`;
}
