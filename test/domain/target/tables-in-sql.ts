const BODY_OF_CTE = /\b([a-z_]+)(?:\s*\([a-z_, ]*\))?\s+as\s+\(/g;
const READ = /\b(?:from|join)\s+([a-z_]+(?:\s*,\s*[a-z_]+)*)\b(?!\s*\(|\.)/g;

/** tablesInSql names what a statement reads after FROM and JOIN, apart from its own WITH queries and from functions. */
export function tablesInSql(sql: string): readonly string[] {
  const own = new Set([...sql.matchAll(BODY_OF_CTE)].map(([, name]) => name));
  const read = [...sql.matchAll(READ)].flatMap(([, names = ""]) => names.split(/\s*,\s*/));
  return [...new Set(read)].filter((name) => !own.has(name)).toSorted();
}
