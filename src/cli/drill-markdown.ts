import type { DrillRow, FaultSize } from "../domain/judgement/drill.ts";
import { isDetected, isLayerRight, scoreDrill } from "../execution/drill-score.ts";
import { amountOf, describeScore } from "./drill-text.ts";

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
