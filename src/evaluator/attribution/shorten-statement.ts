/** Longest statement text inside a sentence; the whole text is in its own field. */
const longestText = 160;

/** shortenStatement cuts a statement to what a sentence can bear. */
export function shortenStatement(statement: string): string {
  return statement.length <= longestText ? statement : `${statement.slice(0, longestText - 1)}…`;
}
