/**
 * normaliseStatement gives statements the same text where they differ only by how the ORM batched them.
 *
 * pg_stat_statements keeps one entry for each length of an `IN` list (before 18). Odoo uses a new name for every savepoint and
 * reads every stored column in one prefetch. Without folding, a release that adds a field would have no statement in common with
 * the release before.
 */
export function normaliseStatement(text: string): string {
  let statement = text
    .replace(/\/\*[\s\S]*?\*\//g, " ")
    .replace(/\$\d+/g, "$n")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\s*;$/, "");
  statement = foldNames(statement);
  statement = foldLists(statement);
  return foldColumns(foldValues(statement));
}

/** foldNames removes generated names: savepoints and cursors with a random number in their name. */
function foldNames(statement: string): string {
  return statement.replace(
    /\b(SAVEPOINT|ROLLBACK TO SAVEPOINT|ROLLBACK TO|RELEASE SAVEPOINT|RELEASE|DECLARE|CLOSE) ("?)[\w-]*[0-9a-f]{8}[\w-]*\2/gi,
    "$1 $n",
  );
}

/** A list element is a parameter or a literal, with an optional cast. */
const ELEMENT = String.raw`(?:\$n|NULL|TRUE|FALSE|-?\d+(?:\.\d+)?|'[^']*')(?:\s*::\s*\w+(?:\[\])?)?`;
const LIST = new RegExp(String.raw`\b(IN|ANY|ALL)\s*\(\s*${ELEMENT}(?:\s*,\s*${ELEMENT})*\s*,?\s*\)`, "gi");
const ROWS = /\b(IN)\s*\(\s*\((?!\s*SELECT\b)[^()]*\)(?:\s*,\s*\((?!\s*SELECT\b)[^()]*\))*\s*\)/gi;
const ARRAY = new RegExp(String.raw`\bARRAY\s*\[\s*(?:${ELEMENT}(?:\s*,\s*${ELEMENT})*)?\s*\]`, "gi");

function foldLists(statement: string): string {
  return statement.replace(LIST, "$1 (...)").replace(ROWS, "$1 (...)").replace(ARRAY, "ARRAY[...]");
}

/** foldValues reduces `VALUES (...)` with any number of rows to one. It counts parentheses, because a value may be a call. */
function foldValues(statement: string): string {
  const match = /\bVALUES\s*\(/i.exec(statement);
  if (match === null) return statement;
  let end = match.index + match[0].length - 1;
  for (;;) {
    const close = closingBracket(statement, end);
    if (close === null) return statement;
    const next = /^\s*,\s*\(/.exec(statement.slice(close + 1));
    if (next === null) return `${statement.slice(0, match.index)}VALUES (...)${statement.slice(close + 1)}`;
    end = close + next[0].length;
  }
}

function closingBracket(statement: string, open: number): number | null {
  let depth = 0;
  for (let index = open; index < statement.length; index += 1) {
    if (statement[index] === "(") depth += 1;
    if (statement[index] === ")") depth -= 1;
    if (depth === 0) return index;
  }
  return null;
}

/** Smallest number of columns of a prefetch (all stored fields). Shorter column lists distinguish statements and are kept. */
const PREFETCH_COLUMNS = 4;
const INSERT = /^(INSERT INTO "?[\w.]+"?) ?\((?:\s*"?\w+"?\s*,){3,}\s*"?\w+"?\s*\)/i;

/** foldColumns removes the column list of a prefetch, `SELECT "t"."id" as "id", ... FROM`, and of an insert. */
function foldColumns(statement: string): string {
  const table = /^SELECT ("[^"]+")\."id" as "id",/i.exec(statement)?.[1];
  const from = statement.indexOf(` FROM ${table ?? ""}`);
  if (table === undefined || from < 0) return statement.replace(INSERT, "$1 (...)");
  const columns = statement.slice(0, from).match(/ as "[^"]+"(?:,|$)/gi)?.length ?? 0;
  return columns < PREFETCH_COLUMNS ? statement : `SELECT ${table}.*${statement.slice(from)}`;
}
