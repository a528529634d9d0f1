import type { Evaluation, IndicatorChange, Verdict } from "../../domain/judgement/evaluation.ts";
import { type Notation, TEXT_NOTATION } from "../words/figures.ts";
import { describeFigures, type Judgement, JUDGEMENT_WORD, judgementOf, sortByHarm } from "../words/judgement.ts";
import {
  describeBlindSpot,
  describeBlocks,
  describeConfidence,
  describeGates,
  describeInvariants,
  describeLoad,
  describeReleases,
  VERDICT_WORD,
} from "../words/verdict-words.ts";

const VERDICT_STYLE: Readonly<Record<Verdict, TextStyle>> = { pass: "green", fail: "red", inconclusive: "yellow" };
const JUDGEMENT_STYLE: Readonly<Record<Judgement, TextStyle>> = {
  regressed: "red",
  inconclusive: "yellow",
  "not-worse": "dim",
  equivalent: "dim",
  improved: "green",
};

/** A figure and its unit stay on one line; the hard space becomes a plain one once the lines are set. */
const HARD_SPACE = "\u00a0";
const NOTATION: Notation = { ...TEXT_NOTATION, gap: HARD_SPACE };

/** More findings than this are counted and not listed: a log line that nobody reaches says nothing. */
const MOST_FINDINGS = 12;
const MOST_CAUSES = 5;
/** The word of a finding, such as `inconclusive`, and two spaces on either side. */
const WORD_COLUMNS = 14;

export interface TextOptions {
  readonly style: Styler;
  /** Where the page with the whole evidence lies, if it was written. */
  readonly reportPath: string | null;
}

/** renderText gives the verdict for a terminal or a CI log, 80 columns wide. */
export function renderText(evaluation: Evaluation, options: TextOptions): string {
  const sections = [
    [...headLines(evaluation, options.style), "", ...wrapText(evaluation.summary, "  ")],
    [
      ...findingLines(evaluation, options.style),
      ...reasonLines(evaluation),
      ...restLines(evaluation, "not-worse", options.style),
      ...restLines(evaluation, "equivalent", options.style),
    ],
    [
      ...causeLines(evaluation),
      ...nextLines(evaluation),
      ...trustLines(evaluation),
      ...unseenLines(evaluation),
      ...pathLines(options.reportPath),
    ],
  ];
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
  return `${text.replaceAll(HARD_SPACE, " ")}\n`;
}

function headLines(evaluation: Evaluation, style: Styler): readonly string[] {
  const word = VERDICT_WORD[evaluation.verdict];
  const facts = [describeReleases(evaluation), describeConfidence(evaluation), describeLoad(evaluation, NOTATION)];
  return styledFirst(wrapText(facts.join(" · "), `${word}  `), word, (text) =>
    style("bold", style(VERDICT_STYLE[evaluation.verdict], text)),
  );
}

/** findingLines lists every gate that is not plainly safe, and the advisory indicators that moved. */
function findingLines(evaluation: Evaluation, style: Styler): readonly string[] {
  const found = sortByHarm(evaluation.changes).filter((change) => {
    const judgement = judgementOf(change);
    return judgement === "regressed" || judgement === "improved" || (change.gate && judgement === "inconclusive");
  });
  const gatesFirst = [...found.filter(({ gate }) => gate), ...found.filter(({ gate }) => !gate)];
  const lines = gatesFirst.slice(0, MOST_FINDINGS).flatMap((change) => findingOf(change, style));
  const left = gatesFirst.length - MOST_FINDINGS;
  return left > 0 ? [...lines, ...wrapText(`and ${left} more findings in the report`, labelled(""))] : lines;
}

function findingOf(change: IndicatorChange, style: Styler): readonly string[] {
  const role = change.gate ? "" : " (advisory, decides nothing)";
  const judgement = judgementOf(change);
  const title = wrapText(change.label + role, labelled(JUDGEMENT_WORD[judgement]));
  return [
    ...styledFirst(title, JUDGEMENT_WORD[judgement], (text) => style(JUDGEMENT_STYLE[judgement], text)),
    ...wrapText(describeFigures(change, NOTATION), labelled("")),
  ];
}

/** reasonLines lists what decided beside the gates: broken rules, disturbed machines, missing evidence. */
function reasonLines(evaluation: Evaluation): readonly string[] {
  return evaluation.reasons.filter(({ kind }) => kind !== "gate").flatMap(({ kind, text }) => wrapText(text, labelled(kind)));
}

/** restLines counts the gates that stand in nobody's way, by service. */
function restLines(evaluation: Evaluation, judgement: Judgement, style: Styler): readonly string[] {
  const safe = evaluation.changes.filter((change) => change.gate && judgementOf(change) === judgement);
  const services = [...new Set(safe.map(({ service }) => service))];
  const counts = services.map((service) => `${service} ${safe.filter((change) => change.service === service).length}`);
  if (safe.length === 0) return [];
  const word = JUDGEMENT_WORD[judgement];
  const gates = `${safe.length} ${safe.length === 1 ? "gate" : "gates"}`;
  return styledFirst(wrapText(`${gates}: ${counts.join(", ")}`, labelled(word)), word, (text) => style("dim", text));
}

function causeLines(evaluation: Evaluation): readonly string[] {
  return evaluation.attribution
    .slice(0, MOST_CAUSES)
    .flatMap(({ layer, text }, index) =>
      wrapText(layer === "cannot-tell" ? text : `${text} (layer ${layer})`, index === 0 ? "Why    " : "       "),
    );
}

function nextLines(evaluation: Evaluation): readonly string[] {
  return evaluation.next.flatMap((text, index) => wrapText(text, index === 0 ? "Next   " : "       "));
}

/** trustLines says how far the verdict can be trusted. Facts that are reasons already are not said twice. */
function trustLines(evaluation: Evaluation): readonly string[] {
  const said = new Set(evaluation.reasons.map(({ text }) => text));
  const facts = evaluation.validity.filter(({ text }) => !said.has(text)).map(({ text }) => text.replace(/\.$/, ""));
  const trust = [...facts, describeBlocks(evaluation), describeGates(evaluation, NOTATION), describeInvariants(evaluation)];
  return wrapText(trust.join(" · "), "Trust  ");
}

/** unseenLines says what nobody looked at, and what that costs. */
function unseenLines({ unseen = [] }: Evaluation): readonly string[] {
  return unseen.flatMap((spot, index) =>
    wrapText(`${describeBlindSpot(spot)}: ${spot.cost}`, index === 0 ? "Unseen " : "       "),
  );
}

function pathLines(reportPath: string | null): readonly string[] {
  return reportPath === null ? [] : [`Report ${reportPath}`];
}

function labelled(word: string): string {
  return `  ${word.padEnd(WORD_COLUMNS)}`;
}

function styledFirst(lines: readonly string[], word: string, paint: (text: string) => string): readonly string[] {
  return lines.map((line, index) => (index === 0 ? line.replace(word, paint(word)) : line));
}

/** TEXT_COLUMNS is the width of a terminal report and of a CI log that nobody has widened. */
const TEXT_COLUMNS = 80;

/**
 * wrapText breaks text at spaces into lines of at most 80 columns. The first line starts with `first`, the others with as many
 * spaces; a word longer than a line stays whole, since a cut reference or statement cannot be searched for.
 */
export function wrapText(text: string, first: string): readonly string[] {
  const indent = " ".repeat(columnsOf(first));
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/[ \t\r\n]+/).filter((part) => part !== "")) {
    if (!isEmpty && columnsOf(line) + 1 + columnsOf(word) > TEXT_COLUMNS) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return isEmpty ? lines : [...lines, line];
}

/** columnsOf counts code points, which is the width of everything that reports are written with. */
export function columnsOf(text: string): number {
  return text.match(/./gsu)?.length ?? 0;
}

/** TextStyle is what a terminal can do to a word; the word itself carries the meaning. */
export type TextStyle = "bold" | "dim" | "red" | "green" | "yellow";

export type Styler = (style: TextStyle, text: string) => string;

/** SGR holds the codes of ECMA-48 that begin and end each style. */
const SGR: Readonly<Record<TextStyle, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

export const plainStyler: Styler = (_style, text) => text;

/** ansiStyler always colours: whether the stream is a terminal is decided by the caller, who has the stream. */
export const ansiStyler: Styler = (style, text) => {
  const [begin, end] = SGR[style];
  return `\u001b[${begin}m${text}\u001b[${end}m`;
};
