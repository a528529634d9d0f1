import {
  DRILL_TARGETS,
  type DrillRow,
  type DrillScore,
  type Fault,
  FAULT_SIZES,
  type FaultSize,
} from "../../domain/judgement/drill.ts";
import { isDetected, isLayerRight, scoreDrill } from "../../execution/drill.ts";

/** describeCatalogue lists the faults with their sizes, as plain text. */
export function describeCatalogue(faults: readonly Fault[]): string {
  const width = Math.max(...faults.map(({ id }) => id.length));
  return `${faults
    .flatMap(({ id, title, layer, place, unit, sizes }) => [
      `${id.padEnd(width)}  ${(layer ?? "control").padEnd(8)}  ${title}`,
      `${" ".repeat(width + 12)}in: ${place}`,
      ...(sizes === null
        ? []
        : [`${" ".repeat(width + 12)}${FAULT_SIZES.map((size) => `${size} ${sizes[size]}`).join(", ")} ${unit}`]),
    ])
    .join("\n")}\n`;
}

/** describeDrill is the table of a drill for a terminal. */
export function describeDrill(rows: readonly DrillRow[], score: DrillScore): string {
  return `${[...rows.map((row) => describeRow(row)), "", ...describeScore(score)].join("\n")}\n`;
}

/** describeRow is one fault on one line, with the reason on the next line. */
export function describeRow(row: DrillRow): string {
  const { fault, elapsedMs, outcome } = row;
  const head = [fault.id.padEnd(22), amountOf(row).padEnd(34), `in ${fault.layer ?? "nothing"}`.padEnd(11)].join("  ");
  const seconds = `${Math.round(elapsedMs / 1000)} s in all`;
  if (outcome.kind !== "judged") return `${head}  ${outcome.kind.toUpperCase()}  ${seconds}\n    ${outcome.why}`;
  const facts = [outcome.verdict.toUpperCase(), layerReportOf(row), `${Math.round(outcome.loadMs / 1000)} s of load`, seconds];
  return `${head}  ${facts.filter((fact) => fact !== "").join(", ")}\n    ${outcome.because}`;
}

/** amountOf is the injected size of a fault. */
function amountOf({ fault, size, amount }: DrillRow): string {
  return amount === null ? "" : `${size}: ${amount} ${fault.unit}`;
}

function layerReportOf(row: DrillRow): string {
  const { outcome, fault } = row;
  if (outcome.kind !== "judged" || outcome.reportedLayer === null) return "";
  if (fault.layer === null) return `reports ${outcome.reportedLayer}: a false alarm`;
  return `reports ${outcome.reportedLayer}: ${isLayerRight(row) ? "right" : "wrong"}`;
}

/** describeScore is the summary of a drill, line by line. */
function describeScore(score: DrillScore): readonly string[] {
  const { faults, detected, layerRight, controls, falseAlarms, unjudged, isMet } = score;
  const target = (share: number) => `target ${Math.round(100 * share)} %`;
  return [
    `detected      ${shareOf(detected, faults)}, ${target(DRILL_TARGETS.detected)}`,
    `layer right   ${shareOf(layerRight, detected)} of those, ${target(DRILL_TARGETS.layerRight)}`,
    `false alarms  ${falseAlarms} of ${controls} controls, target 0`,
    ...(unjudged === 0
      ? []
      : [`not judged    ${unjudged}: not injected, not undone, or not measured; these rows count as not detected`]),
    isMet ? "all targets are met" : "not all targets are met",
  ];
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? "none of 0" : `${part} of ${whole} (${Math.round((100 * part) / whole)} %)`;
}

/** drillMarkdown is the table of a drill as Markdown, with the command that made it and the number of planned rows. */
export function drillMarkdown(
  rows: readonly DrillRow[],
  { command, size, planned }: { command: string; size: FaultSize; planned: number },
): string {
  const part = rows.length < planned ? `The first ${rows.length} of ${planned} rows. ` : "";
  return `# Drill: known faults of ${size} size

${part}One campaign for each fault on the native lab, written by \`${command}\`. docs/drill.md explains the table.

\`\`\`
${describeScore(scoreDrill(rows)).join("\n")}
\`\`\`

| fault | amount | layer | verdict | detected | reported layer | right | load to the verdict | total time | first cause or reason |
|---|---|---|---|---|---|---|---|---|---|
${rows.map((row) => `| ${cellsOf(row).map(escape).join(" | ")} |`).join("\n")}

Proof that each fault was in effect before the load:

${rows.map(({ fault, proof }) => `- ${fault.id}: ${proof ?? "nothing"}`).join("\n")}
`;
}

function cellsOf(row: DrillRow): readonly string[] {
  const { fault, elapsedMs, outcome } = row;
  const inAll = `${Math.round(elapsedMs / 1000)} s`;
  const common = [fault.id, amountOf(row), fault.layer ?? "control"];
  if (outcome.kind !== "judged") return [...common, outcome.kind, "no", "", "", "", inAll, outcome.why];
  const isControl = fault.layer === null;
  return [
    ...common,
    outcome.verdict.toUpperCase(),
    isControl ? (isDetected(row) ? "false alarm" : "no, as expected") : isDetected(row) ? "yes" : "no",
    outcome.reportedLayer ?? "",
    isControl || !isDetected(row) ? "" : isLayerRight(row) ? "yes" : "no",
    `${Math.round(outcome.loadMs / 1000)} s`,
    inAll,
    outcome.because,
  ];
}

/** escape keeps vertical bars of SQL and line breaks of messages from ending a cell. */
function escape(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
