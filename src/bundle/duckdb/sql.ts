/**
 * Table is the handle of a temp table. A query reaches a table only through its handle, so a function's parameters list the
 * tables that it reads. `Name` keeps the handles of different tables apart.
 */
export class Table<Name extends string = string> {
  readonly name: Name;
  /** Name in the database, unique there. */
  readonly id: string;

  constructor(name: Name, id: string) {
    this.name = name;
    this.id = id;
  }
}

/** Value is what a query can bind as a parameter. */
export type Value = string | number | null;

class Bound {
  readonly value: string | number;

  constructor(value: string | number) {
    this.value = value;
  }
}

/** Sql is a piece of SQL with the tables and the values that it uses. The tag `sql` makes it. */
export class Sql {
  readonly pieces: readonly (string | Bound)[];

  constructor(pieces: readonly (string | Bound)[]) {
    this.pieces = pieces;
  }
}

/**
 * sql is the tag of a template that holds SQL. An interpolated Table becomes its name, a Value a bound parameter, a list of
 * Values a list of parameters in parentheses, and an Sql stays as it is.
 */
export function sql(texts: TemplateStringsArray, ...parts: readonly (Sql | Table | Value | readonly Value[])[]): Sql {
  return new Sql(texts.flatMap((text, index) => [text, ...(index < parts.length ? piecesOf(parts[index] ?? null) : [])]));
}

function piecesOf(part: Sql | Table | Value | readonly Value[]): readonly (string | Bound)[] {
  if (part === null) return ["null"];
  if (part instanceof Sql) return part.pieces;
  if (part instanceof Table) return [part.id];
  if (typeof part === "string" || typeof part === "number") return [new Bound(part)];
  // Nothing is in an empty list, which SQL cannot write.
  const items = part.length === 0 ? ["null"] : part.flatMap((item, index) => [index === 0 ? "" : ", ", ...piecesOf(item)]);
  return ["(", ...items, ")"];
}

/** joined puts pieces of SQL behind each other, with a separator between them. */
export function joined(parts: readonly Sql[], separator = ", "): Sql {
  return new Sql(parts.flatMap((part, index) => [index === 0 ? "" : separator, ...part.pieces]));
}

/**
 * literal quotes text as SQL text. Values are bound instead, except where DuckDB takes no parameter (files, columns of a CSV) or
 * compiles a constant once and a parameter for every row (regular expressions).
 */
export function literal(text: string): Sql {
  return new Sql([`'${text.replaceAll("'", "''")}'`]);
}

/** columnName quotes the name of a column. */
export function columnName(name: string): Sql {
  return new Sql([`"${name.replaceAll('"', '""')}"`]);
}

/** inputFile quotes the path of a file to read: DuckDB's readers would take `*`, `?` and `[` in it for patterns. */
export function inputFile(path: string): Sql {
  return literal(path.replaceAll(/[*?[]/g, "[$&]"));
}

/** parquetFile is the relation of a Parquet file's rows. */
export function parquetFile(path: string): Sql {
  return sql`read_parquet(${inputFile(path)})`;
}

/** knownArm is an expression that is null where another expression names neither arm. */
export function knownArm(expression: Sql): Sql {
  return sql`case when ${expression} in ('baseline', 'candidate') then ${expression} end`;
}

/** Rendered is SQL text with numbered parameters, and their values in that order. */
export interface Rendered {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** render writes SQL for DuckDB. Equal values share one parameter, so that an expression stays equal to itself in `group by`. */
export function render(query: Sql): Rendered {
  const places = new Map<string | number, number>();
  const text = query.pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const place = places.get(piece.value) ?? places.size + 1;
    places.set(piece.value, place);
    return `$${place}`;
  });
  return { text: text.join(""), values: [...places.keys()] };
}
