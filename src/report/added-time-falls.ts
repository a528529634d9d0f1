import { type AddedPart, type AddedTime, type Attribution, PART_WORDS } from "../domain/judgement/evaluation.ts";

/** Waterfall is added time in bars of which each begins where the one before it ended. */
export interface Waterfall {
  readonly title: string;
  readonly falls: readonly Fall[];
  /** What the falls come to, and what that is called. */
  readonly total: { readonly name: string; readonly end: number };
}

export interface Fall {
  readonly name: string;
  /** What nothing explains is drawn as such. */
  readonly kind: "part" | "unknown";
  readonly start: number;
  readonly end: number;
}

/** Bars shorter than this share of the longest would be too short to see: they fall as one. */
const leastShare = 0.02;

/** stepFalls is the waterfall of one step: its parts add up to the time that a request takes longer. */
export function stepFalls({ step, parts, addedMs }: AddedTime): Waterfall {
  const longest = Math.max(0, ...parts.map((part) => Math.abs(part.addedMs)));
  const shown = parts.filter((part) => Math.abs(part.addedMs) >= leastShare * longest);
  const small = parts.filter((part) => !shown.includes(part)).reduce((sum, part) => sum + part.addedMs, 0);
  const lengths = [
    ...shown.filter(({ part }) => part !== "unexplained").map(lengthOf),
    ...(small === 0 ? [] : [{ name: "smaller parts", ms: small, kind: "part" as const }]),
    ...shown.filter(({ part }) => part === "unexplained").map(lengthOf),
  ];
  return { title: `Added time per request: ${step}`, falls: fallsOf(lengths), total: { name: "in all", end: addedMs } };
}

/** serviceFalls is the waterfall of one service's findings, for verdicts that hold no time by step. */
export function serviceFalls(findings: readonly Attribution[]): Waterfall {
  const lengths = findings.flatMap(({ layer, addedMs }) =>
    addedMs === null ? [] : [layer === "cannot-tell" ? unknown(addedMs) : { name: layer, ms: addedMs, kind: "part" as const }],
  );
  const falls = fallsOf(lengths);
  const title = `Added time per transaction: ${findings[0]?.service ?? ""}`;
  return { title, falls, total: { name: "named in all", end: falls.at(-1)?.end ?? 0 } };
}

interface Length {
  readonly name: string;
  readonly kind: Fall["kind"];
  readonly ms: number;
}

function lengthOf({ part, addedMs }: AddedPart): Length {
  return { name: PART_WORDS[part], kind: part === "unexplained" ? "unknown" : "part", ms: addedMs };
}

function unknown(ms: number): Length {
  return { name: "cannot tell", kind: "unknown", ms };
}

function fallsOf(lengths: readonly Length[]): Fall[] {
  let end = 0;
  return lengths.map(({ name, kind, ms }) => {
    const start = end;
    end += ms;
    return { name, kind, start, end };
  });
}
