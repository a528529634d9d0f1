import { type Markup, markup } from "../words/markup.ts";

/** TableName is the accessible name of a table: a label, or the id of the heading that names the table. */
type TableName = { readonly label: string } | { readonly heading: string };

/** scrollTable renders a table in a box that scrolls sideways where the page is too narrow. */
export function scrollTable(name: TableName, head: readonly Markup[], rows: readonly Markup[], className = ""): Markup {
  const accessible = "label" in name ? markup`aria-label="${name.label}"` : markup`aria-labelledby="${name.heading}"`;
  return markup`<div class="scroll" tabindex="0" role="region" ${accessible}><table class="${className}">
<thead><tr>${head}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/** textHeads renders the header cells of columns of text. */
export function textHeads(...titles: readonly (string | Markup)[]): readonly Markup[] {
  return titles.map((title) => markup`<th scope="col">${title}</th>`);
}

/** numberHeads renders the header cells of columns of numbers, which are aligned to the right. */
export function numberHeads(...titles: readonly (string | Markup)[]): readonly Markup[] {
  return titles.map((title) => markup`<th scope="col" class="num">${title}</th>`);
}
