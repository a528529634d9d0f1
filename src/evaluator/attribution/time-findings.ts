import { type AddedTime, type Attribution, PART_WORDS, type StatementChange } from "../../domain/judgement/evaluation.ts";
import { formatNumber } from "../effects/wording.ts";
import { shortenStatement } from "./added-statements.ts";
import { standsOut } from "./differences.ts";
import { slowerByMs } from "./statement-changes.ts";

/** Of the added time of slower statements, the least share of one that is named. */
const leastShare = 0.2;

/**
 * timeFindings are the causes of steps that take longer, one for each step; `cannot-tell` where too little is explained. Where the
 * added time itself is within its noise there is nothing to explain, and nothing is said.
 */
export function timeFindings(times: readonly AddedTime[], statements: readonly StatementChange[]): Attribution[] {
  const worthTelling = times.filter((time) => time.layer !== "cannot-tell" || standsOut({ ...time, added: time.addedMs }));
  return worthTelling.map((time) => {
    const common = { service: time.service, step: time.step, addedCalls: null };
    const { layer } = time;
    if (layer === "cannot-tell") return { ...common, layer, text: doubtOf(time), statement: null, addedMs: null };
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

function doubtOf(time: AddedTime): string {
  const told = time.explained > 0 ? `only ${formatNumber(100 * time.explained)} % of it can be explained` : "nothing explains it";
  const parts = describeParts(time);
  const missing = time.missing.length === 0 ? "longer load" : time.missing.join(", ");
  return `${describeAdded(time)}, and ${told}${parts === "" ? "" : ` (${parts})`}: cannot tell where; ${missing} would tell more`;
}

/** slowestOf is the statement whose calls became slower most, where it stands for a good part of all that did. */
function slowestOf(statements: readonly StatementChange[]): StatementChange | null {
  const slower = statements.map((change) => ({ change, ms: slowerByMs(change) })).filter(({ ms }) => ms > 0);
  const whole = slower.reduce((sum, { ms }) => sum + ms, 0);
  const [first] = slower.sort((a, b) => b.ms - a.ms);
  return first !== undefined && first.ms >= leastShare * whole ? first.change : null;
}

function describeCalls({ calls, execMs }: StatementChange): string {
  const per = (arm: "baseline" | "candidate") => formatNumber(execMs[arm] / calls[arm]);
  return `${per("baseline")} → ${per("candidate")} ms a call`;
}

/** Parts below this share of the added time are left to the figures. */
const leastShareNamed = 0.05;

/** describeAdded says how much longer a step takes: `order-import/confirm takes 149 ms longer (231 → 380 ms)`. */
export function describeAdded({ step, addedMs, baselineMs, candidateMs }: AddedTime): string {
  return `${step} takes ${formatNumber(addedMs)} ms longer (${formatNumber(baselineMs)} → ${formatNumber(candidateMs)} ms)`;
}

/** describeParts lists where the added time is, the largest part first: `84 ms more SQL statements, 58 ms Python`. */
export function describeParts({ parts, addedMs }: AddedTime): string {
  return [...parts]
    .filter((part) => part.addedMs >= leastShareNamed * addedMs)
    .sort((a, b) => b.addedMs - a.addedMs)
    .map((part) => `${formatNumber(part.addedMs)} ms ${PART_WORDS[part.part]}`)
    .join(", ");
}
