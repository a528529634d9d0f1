/** FieldDifference is one place where two documents differ, as JSON text; undefined is a field that is not there. */
export interface FieldDifference {
  readonly field: string;
  readonly stored: string | undefined;
  readonly computed: string | undefined;
}

/** fieldDifferences lists where two JSON documents differ, in the order of the document. Entries with an id go by its name. */
export function fieldDifferences(stored: unknown, computed: unknown, field = ""): FieldDifference[] {
  if (Array.isArray(stored) && Array.isArray(computed)) return itemDifferences(stored, computed, field);
  if (isObject(stored) && isObject(computed)) {
    const [one, other] = [new Map(Object.entries(stored)), new Map(Object.entries(computed))];
    return [...new Set([...one.keys(), ...other.keys()])].flatMap((key) =>
      fieldDifferences(one.get(key), other.get(key), field === "" ? key : `${field}.${key}`),
    );
  }
  const [one, other] = [JSON.stringify(stored), JSON.stringify(computed)];
  return one === other ? [] : [{ field, stored: one, computed: other }];
}

function itemDifferences(stored: readonly unknown[], computed: readonly unknown[], field: string): FieldDifference[] {
  return Array.from({ length: Math.max(stored.length, computed.length) }, (_, index) =>
    fieldDifferences(stored[index], computed[index], `${field}[${nameOf(stored[index] ?? computed[index]) ?? index}]`),
  ).flat();
}

function nameOf(item: unknown): string | null {
  if (!isObject(item)) return null;
  const entries = new Map(Object.entries(item));
  const name: unknown = entries.get("indicator") ?? entries.get("path");
  return typeof name === "string" ? name : null;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
