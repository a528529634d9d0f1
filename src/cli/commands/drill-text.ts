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

/** describeDrill is the scoreboard for a terminal. */
export function describeDrill(rows: readonly DrillRow[], score: DrillScore): string {
  return `${[...rows.map((row) => describeRow(row)), "", ...describeScore(score)].join("\n")}\n`;
}

/** describeRow is one fault on one line, and the reason on the next. */
export function describeRow(row: DrillRow): string {
  const { fault, elapsedMs, outcome } = row;
  const head = [fault.id.padEnd(22), amountOf(row).padEnd(34), `in ${fault.layer ?? "nothing"}`.padEnd(11)].join("  ");
  const seconds = `${Math.round(elapsedMs / 1000)} s in all`;
  if (outcome.kind !== "judged") return `${head}  ${outcome.kind.toUpperCase()}  ${seconds}\n    ${outcome.why}`;
  const facts = [outcome.verdict.toUpperCase(), toldOf(row), `${Math.round(outcome.loadMs / 1000)} s of load`, seconds];
  return `${head}  ${facts.filter((fact) => fact !== "").join(", ")}\n    ${outcome.because}`;
}

/** amountOf says how much of a fault was put in. */
export function amountOf({ fault, size, amount }: DrillRow): string {
  return amount === null ? "" : `${size}: ${amount} ${fault.unit}`;
}

function toldOf(row: DrillRow): string {
  const { outcome, fault } = row;
  if (outcome.kind !== "judged" || outcome.told === null) return "";
  if (fault.layer === null) return `blames ${outcome.told}: a false alarm`;
  return `blames ${outcome.told}: ${isLayerRight(row) ? "right" : "wrong"}`;
}

/** describeScore is the sum of a drill, line by line. */
export function describeScore(score: DrillScore): readonly string[] {
  const { faults, detected, layerRight, controls, falseAlarms, unjudged, isMet } = score;
  const target = (share: number) => `target ${Math.round(100 * share)} %`;
  return [
    `detected      ${shareOf(detected, faults)}, ${target(DRILL_TARGETS.detected)}`,
    `layer right   ${shareOf(layerRight, detected)} of those, ${target(DRILL_TARGETS.layerRight)}`,
    `false alarms  ${falseAlarms} of ${controls} controls, target 0`,
    ...(unjudged === 0
      ? []
      : [`not judged    ${unjudged}: not put in, not taken out, or not measured; they count as not detected`]),
    isMet ? "every target is met" : "not every target is met",
  ];
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? "none of 0" : `${part} of ${whole} (${Math.round((100 * part) / whole)} %)`;
}

/** drillMarkdown is the scoreboard as a page that can be kept: with the command that made it, and what is still to come. */
export function drillMarkdown(
  rows: readonly DrillRow[],
  { command, size, planned }: { command: string; size: FaultSize; planned: number },
): string {
  const part = rows.length < planned ? `The first ${rows.length} of ${planned} rows. ` : "";
  return `# Drill: known faults of ${size} size

${part}One campaign for each fault on the native lab, written by \`${command}\`; docs/drill.md says how to read it.

\`\`\`
${describeScore(scoreDrill(rows)).join("\n")}
\`\`\`

| fault | how much | layer | verdict | detected | layer blamed | right | load to the verdict | time in all | what the verdict says |
|---|---|---|---|---|---|---|---|---|---|
${rows.map((row) => `| ${cellsOf(row).map(escape).join(" | ")} |`).join("\n")}

What showed that each fault was in effect before the load:

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
    isControl ? (isDetected(row) ? "false alarm" : "none, as it should be") : isDetected(row) ? "yes" : "no",
    outcome.told ?? "",
    isControl || !isDetected(row) ? "" : isLayerRight(row) ? "yes" : "no",
    `${Math.round(outcome.loadMs / 1000)} s`,
    inAll,
    outcome.because,
  ];
}

/** Texts hold statements, and messages lines: neither may end a cell. */
function escape(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
