import type { PerArm } from "../domain/arm.ts";
import type { StatementChange } from "../domain/judgement/evaluation.ts";
import { formatNumber, PAGE_NOTATION } from "./figures.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import { formatPair } from "./quantity.ts";

/** renderStatementChanges gives the SQL statements that ran more often or took more time, and all that was counted of them. */
export function renderStatementChanges(statements: readonly StatementChange[]): Markup {
  if (statements.length === 0) return NOTHING;
  return markup`<h3>SQL statements that ran more often or took more time</h3>
<p class="lead">Per transaction of the whole arm, baseline → candidate, as PostgreSQL counted them.</p>
<div class="scroll" tabindex="0" role="region" aria-label="SQL statements that ran more often or took more time"><table>
<thead><tr><th scope="col">Statement</th><th scope="col" class="num">Calls</th><th scope="col" class="num">Time, ms</th>
<th scope="col" class="num">Rows</th><th scope="col" class="num">Blocks</th><th scope="col" class="num">WAL</th></tr></thead>
<tbody>${statements.map(renderRow)}</tbody></table></div>`;
}

function renderRow({ statement, tables, calls, execMs, rows, blocks, walBytes }: StatementChange): Markup {
  const name = tables.length === 0 ? "no table" : tables.join(", ");
  return markup`<tr><th scope="row" class="statement">${name}<details><summary>text</summary>
<code>${statement}</code></details></th>
${[calls, execMs, rows, blocks].map((pair) => markup`<td class="num">${bothOf(pair)}</td>`)}
<td class="num">${formatPair(walBytes.baseline, walBytes.candidate, "bytes", PAGE_NOTATION)}</td></tr>`;
}

function bothOf({ baseline, candidate }: PerArm<number>): string {
  return `${formatNumber(baseline, PAGE_NOTATION)} → ${formatNumber(candidate, PAGE_NOTATION)}`;
}
