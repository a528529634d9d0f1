import type { Evaluation, IndicatorChange, Verdict } from "../../domain/judgement/evaluation.ts";
import { formatPlural, type Notation, TEXT_NOTATION } from "../words/figures.ts";
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

/** TextStyle is a colour or weight of text in a terminal. Styles add no information: the text alone is complete. */
type TextStyle = "bold" | "dim" | "red" | "green" | "yellow";

/** Styler returns text in a style. */
export type Styler = (style: TextStyle, text: string) => string;

/** TextOptions are the settings of renderText. */
export interface TextOptions {
  readonly style: Styler;
  /** Path of the HTML page, if one was written. */
  readonly reportPath: string | null;
}

const VERDICT_STYLE: Readonly<Record<Verdict, TextStyle>> = { pass: "green", fail: "red", inconclusive: "yellow" };
const JUDGEMENT_STYLE: Readonly<Record<Judgement, TextStyle>> = {
  regressed: "red",
  inconclusive: "yellow",
  "not-worse": "dim",
  equivalent: "dim",
  improved: "green",
};

/** SGR holds the ECMA-48 codes that begin and end each style. */
const SGR: Readonly<Record<TextStyle, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** TEXT_COLUMNS is the maximum line width: the default width of a terminal. */
const TEXT_COLUMNS = 80;

/** HARD_SPACE keeps a number and its unit on one line. It becomes a normal space after the text is wrapped. */
const HARD_SPACE = "\u00a0";
const NOTATION: Notation = { ...TEXT_NOTATION, gap: HARD_SPACE };

/** Findings beyond this number are counted, not listed, so that the output stays short. */
const MOST_FINDINGS = 12;
const MOST_CAUSES = 5;
/** Width of the label column of findings: `inconclusive` and two spaces. */
const WORD_COLUMNS = 14;
/** Width of the label column of the last section: the longest label is `Not observed`. */
const HEAD_COLUMNS = WORD_COLUMNS + 2;

/** plainStyler returns text without colour. */
export const plainStyler: Styler = (_style, text) => text;

/** ansiStyler always adds colour; the caller decides whether its stream is a terminal. */
export const ansiStyler: Styler = (style, text) => {
  const [begin, end] = SGR[style];
  return `\u001b[${begin}m${text}\u001b[${end}m`;
};

/** renderText renders the verdict for a terminal or a CI log, 80 columns wide. */
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
      ...listUnder("Next steps", evaluation.next),
      ...validityLines(evaluation),
      ...unseenLines(evaluation),
      ...(options.reportPath === null ? [] : [`${"Report".padEnd(HEAD_COLUMNS)}${options.reportPath}`]),
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

/** findingLines lists the gates that regressed, improved or are inconclusive, and the advisory indicators that changed. */
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
  const role = change.gate ? "" : " (advisory, no effect on the verdict)";
  const judgement = judgementOf(change);
  const title = wrapText(change.label + role, labelled(JUDGEMENT_WORD[judgement]));
  return [
    ...styledFirst(title, JUDGEMENT_WORD[judgement], (text) => style(JUDGEMENT_STYLE[judgement], text)),
    ...wrapText(describeFigures(change, NOTATION), labelled("")),
  ];
}

/** reasonLines lists the reasons for the verdict other than gates: broken invariants, disturbances, missing evidence. */
function reasonLines(evaluation: Evaluation): readonly string[] {
  return evaluation.reasons.filter(({ kind }) => kind !== "gate").flatMap(({ kind, text }) => wrapText(text, labelled(kind)));
}

/** restLines counts the gates with one harmless judgement, by service. */
function restLines(evaluation: Evaluation, judgement: Judgement, style: Styler): readonly string[] {
  const safe = evaluation.changes.filter((change) => change.gate && judgementOf(change) === judgement);
  const services = [...new Set(safe.map(({ service }) => service))];
  const counts = services.map((service) => `${service} ${safe.filter((change) => change.service === service).length}`);
  if (safe.length === 0) return [];
  const word = JUDGEMENT_WORD[judgement];
  return styledFirst(
    wrapText(`${formatPlural(safe.length, "gate", NOTATION)}: ${counts.join(", ")}`, labelled(word)),
    word,
    (text) => style("dim", text),
  );
}

/** causeLines lists the first causes with the layer of each, where it is known. */
function causeLines(evaluation: Evaluation): readonly string[] {
  const causes = evaluation.attribution
    .slice(0, MOST_CAUSES)
    .map(({ layer, text }) => (layer === "cannot-tell" ? text : `${text} (layer ${layer})`));
  return listUnder("Causes", causes);
}

/** validityLines lists validity facts, excluded blocks, alpha and invariants. Facts that are reasons already are not repeated. */
function validityLines(evaluation: Evaluation): readonly string[] {
  const said = new Set(evaluation.reasons.map(({ text }) => text));
  const facts = evaluation.validity.filter(({ text }) => !said.has(text)).map(({ text }) => text.replace(/\.$/, ""));
  const trust = [...facts, describeBlocks(evaluation), describeGates(evaluation, NOTATION), describeInvariants(evaluation)];
  return listUnder("Validity", [trust.join(" · ")]);
}

/** unseenLines lists the parts of the target that were not observed, and what can therefore go undetected. */
function unseenLines({ unseen = [] }: Evaluation): readonly string[] {
  return listUnder(
    "Not observed",
    unseen.map((spot) => `${describeBlindSpot(spot)}: ${spot.cost}`),
  );
}

/** listUnder puts a heading in front of the first item and indents the others to the same column. */
function listUnder(heading: string, items: readonly string[]): readonly string[] {
  return items.flatMap((text, index) => wrapText(text, (index === 0 ? heading : "").padEnd(HEAD_COLUMNS)));
}

/** labelled returns the label column of a finding. */
function labelled(word: string): string {
  return `  ${word.padEnd(WORD_COLUMNS)}`;
}

/** styledFirst styles a word in the first line. */
function styledFirst(lines: readonly string[], word: string, paint: (text: string) => string): readonly string[] {
  return lines.map((line, index) => (index === 0 ? line.replace(word, paint(word)) : line));
}

/**
 * wrapText breaks text at spaces into lines of at most 80 columns. The first line starts with `first`, the others with the same
 * number of spaces. A word longer than a line is not broken, so that references and statements can be searched for.
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

/** columnsOf counts code points; each one in a report is one column wide. */
export function columnsOf(text: string): number {
  return text.match(/./gsu)?.length ?? 0;
}
