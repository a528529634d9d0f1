import type { CleanedArm, CleanedModel, KeptRecords } from "../domain/load/ledger.ts";

/** What carries no stamp, is of no use to anybody and cannot be found again; docs/cleanup.md says more. */
const NEVER_UNDONE =
  "numbers of sequences that were used, visitors and page views of the shop, procurement groups, stock valuation";

/** describeCleanup prints what a cleanup did, and what its final scan found, as plain text. */
export function describeCleanup(arms: readonly CleanedArm[]): string {
  return arms.map(describeArm).join("\n");
}

function describeArm(cleaned: CleanedArm): string {
  const { runId, arm, database, stamp, models, kept, notes } = cleaned;
  const left = kept.filter(({ irreversible }) => !irreversible);
  const stays = kept.filter(({ irreversible }) => irreversible);
  const lines = [
    `run ${runId}, ${arm} (database ${database})`,
    ...table(rowsOf(models, kept)),
    ...section("left, and could be undone:", left),
    ...section("cannot be undone:", stays),
    ...notes.map((note) => `  note: ${note}`),
    left.length === 0
      ? `  the final scan found nothing else that bears ${stamp}*`
      : `  the final scan found ${sum(left)} records that bear ${stamp}* and could be undone: start again, or do it by hand`,
    `  never undone: ${NEVER_UNDONE}`,
  ];
  return `${lines.join("\n")}\n`;
}

interface Row extends CleanedModel {
  readonly left: number;
  readonly stays: number;
}

function rowsOf(models: readonly CleanedModel[], kept: readonly KeptRecords[]): readonly Row[] {
  const names = [...new Set([...models, ...kept].map(({ model }) => model))];
  return names.map((model) => {
    const own = kept.filter((records) => records.model === model);
    const { removed = 0, cancelled = 0, reversed = 0 } = models.find((counts) => counts.model === model) ?? {};
    return {
      model,
      removed,
      cancelled,
      reversed,
      left: sum(own.filter(({ irreversible }) => !irreversible)),
      stays: sum(own.filter(({ irreversible }) => irreversible)),
    };
  });
}

function table(rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return ["  nothing was there"];
  const line = (cells: readonly (string | number)[]) =>
    `  ${cells.map((cell, index) => (index === 0 ? String(cell).padEnd(22) : String(cell).padStart(10))).join("")}`;
  return [
    line(["model", "removed", "cancelled", "reversed", "left", "stays"]),
    ...rows.map(({ model, removed, cancelled, reversed, left, stays }) =>
      line([model, removed, cancelled, reversed, left, stays]),
    ),
  ];
}

function section(title: string, groups: readonly KeptRecords[]): readonly string[] {
  if (groups.length === 0) return [];
  return [
    `  ${title}`,
    ...groups.map(({ model, count, reason, examples }) => {
      const more = count > examples.length ? ", …" : "";
      return `    ${count} ${model}: ${reason} (${examples.join(", ")}${more})`;
    }),
  ];
}

function sum(groups: readonly KeptRecords[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}
