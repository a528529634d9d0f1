// Odoo and werkzeug colour their lines where they think that they write to a terminal.
// oxlint-disable-next-line no-control-regex
const COLOUR = /\u001B\[[0-9;]*m/g;

/** withoutColour takes the codes of a terminal's colours out of a line. */
export function withoutColour(line: string): string {
  return line.includes("\u001B") ? line.replaceAll(COLOUR, "") : line;
}
