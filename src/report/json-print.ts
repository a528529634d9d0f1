/** Lists of figures longer than this go on lines of their own, so that a difference of two documents can be read. */
const INLINE_COLUMNS = 100;

/** printJson indents by two spaces and keeps figures together: one line a point list, instead of four lines a point. */
export function printJson(value: unknown, indent = ""): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const inline = JSON.stringify(items);
    if (items.every(isFigure) || (inline.length <= INLINE_COLUMNS && items.every(isLeaf))) return inline;
    return bracket(
      "[",
      items.map((item) => deeper + printJson(item, deeper)),
      "]",
      indent,
    );
  }
  if (isObject(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    const lines = fields.map(([key, field]) => `${deeper}${JSON.stringify(key)}: ${printJson(field, deeper)}`);
    return bracket("{", lines, "}", indent);
  }
  return JSON.stringify(value ?? null);
}

function bracket(open: string, lines: readonly string[], close: string, indent: string): string {
  return lines.length === 0 ? open + close : `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isLeaf(value: unknown): boolean {
  return !isObject(value);
}

function isFigure(value: unknown): boolean {
  return typeof value === "number" || value === null || (Array.isArray(value) && value.every(isFigure));
}
