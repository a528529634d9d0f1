import type { Evaluation, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import { formatPair, TEXT_NOTATION } from "../words/figures.ts";
import {
  formatEffect,
  formatInterval,
  formatMargin,
  JUDGEMENT_SIGN,
  JUDGEMENT_WORD,
  judgementOf,
  sortByHarm,
} from "../words/judgement.ts";
import {
  capitalised,
  describeBlindSpot,
  describeBlocks,
  describeConfidence,
  describeGates,
  describeInvariants,
  describeLoad,
  describeReleases,
  VERDICT_WORD,
} from "../words/verdict-words.ts";

/** MarkdownOptions are the settings of renderMarkdown. */
export interface MarkdownOptions {
  /** Path of the HTML page, if one was written. */
  readonly reportPath: string | null;
}

/** Limits of the lists. Together they keep a pull request comment below 60 lines. */
const MOST_ROWS = 10;
const MOST_CAUSES = 3;
const MOST_NEXT = 3;
const MOST_REASONS = 4;
const MOST_FACTS = 5;

/** renderMarkdown renders a pull request comment: changed gates, reasons, causes and next steps; details are collapsed. */
export function renderMarkdown(evaluation: Evaluation, options: MarkdownOptions): string {
  const sections = [
    [`## ${VERDICT_WORD[evaluation.verdict]} · ${plain(describeReleases(evaluation))}`],
    [plain(evaluation.summary)],
    [plain(`${capitalised(describeConfidence(evaluation))} · ${describeLoad(evaluation, TEXT_NOTATION)}`)],
    findingTable(evaluation),
    bullets(
      evaluation.reasons.filter(({ kind }) => kind !== "gate").map(({ kind, text }) => `${kind}: ${text}`),
      MOST_REASONS,
    ),
    unseenLine(evaluation),
    headed("**Causes**", causesOf(evaluation)),
    headed("**Next steps**", bullets(evaluation.next, MOST_NEXT)),
    foldedDetails(evaluation),
    options.reportPath === null ? [] : [`[Full report](${encodeURI(options.reportPath)})`],
  ];
  const filled = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${filled.join("\n\n")}\n`;
}

function findingTable(evaluation: Evaluation): readonly string[] {
  const gates = sortByHarm(evaluation.changes.filter(({ gate }) => gate));
  const found = gates.filter(({ change }) => change !== "equivalent");
  if (found.length === 0) return [gates.length === 0 ? "No gate was measured." : `All ${gates.length} gates are equivalent.`];
  const left = found.length - MOST_ROWS;
  return [
    "| | gate | baseline → candidate | change | interval | margin |",
    "|---|---|---:|---:|---:|---:|",
    ...found.slice(0, MOST_ROWS).map(rowOf),
    ...(left > 0 ? [`| | and ${left} more | | | | |`] : []),
  ];
}

function rowOf(change: IndicatorChange): string {
  const cells = [
    `${JUDGEMENT_SIGN[judgementOf(change)]} ${JUDGEMENT_WORD[judgementOf(change)]}`,
    change.label,
    formatPair(change.baseline, change.candidate, change.unit, TEXT_NOTATION),
    formatEffect(change, TEXT_NOTATION),
    formatInterval(change, TEXT_NOTATION),
    formatMargin(change, TEXT_NOTATION),
  ];
  return `| ${cells.map(plain).join(" | ")} |`;
}

/** unseenLine names the parts that were not observed. It is never collapsed, because it limits the verdict. */
function unseenLine({ unseen = [] }: Evaluation): readonly string[] {
  return unseen.length === 0 ? [] : [plain(`Not observed: ${unseen.map((spot) => describeBlindSpot(spot)).join(", ")}.`)];
}

function causesOf(evaluation: Evaluation): readonly string[] {
  return evaluation.attribution.slice(0, MOST_CAUSES).flatMap(({ layer, text, statement }) => {
    const finding = `- ${plain(text)} (${layer === "cannot-tell" ? "layer unknown" : `layer ${layer}`})`;
    return statement === null ? [finding] : [finding, `  <br>${codeOf(statement)}`];
  });
}

function foldedDetails(evaluation: Evaluation): readonly string[] {
  const broken = evaluation.invariants
    .filter(({ status }) => status === "broken")
    .map(({ label, arm, violations, checked }) => `broken: ${label} (${arm}, ${violations} of ${checked})`);
  const facts = evaluation.validity.map(({ severity, text }) => `${severity}: ${text}`);
  return [
    `<details><summary>${describeInvariants(evaluation)} · ${describeBlocks(evaluation)}</summary>`,
    "",
    ...bullets([...broken, ...facts], MOST_FACTS),
    ...(evaluation.unseen ?? []).map(({ label, cost }) => `- not observed: ${plain(`${label}: ${cost}`)}`),
    `- ${describeGates(evaluation, TEXT_NOTATION)}, correction ${plain(evaluation.method.correction)}`,
    `- runs: ${evaluation.runIds.map(codeOf).join(", ")}`,
    `- seeds: workload ${evaluation.seeds.workload}, resampling ${evaluation.seeds.resampling}`,
    "",
    "</details>",
  ];
}

function bullets(texts: readonly string[], most: number): readonly string[] {
  const left = texts.length - most;
  return [...texts.slice(0, most).map((text) => `- ${plain(text)}`), ...(left > 0 ? [`- and ${left} more`] : [])];
}

function headed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, "", ...lines];
}

/** plain puts text on one line and escapes Markdown, table separators and mentions. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\|`*_]/g, (sign) => `\\${sign}`)
    .replaceAll("](", "]\\(")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "@\u200b");
}

/** codeOf returns inline code, with a fence longer than any run of backticks in the text. */
function codeOf(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${longest > 0 ? " " : ""}${text.replace(/\s+/g, " ")}${longest > 0 ? " " : ""}${fence}`;
}
