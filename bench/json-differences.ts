/** Differences of two verdicts. Breaches are differences of verdicts, figures, causes or order; the rest is for people to read. */
export interface Differences {
  readonly breaches: string[];
  readonly added: Set<string>;
  /** Fields whose words got another meaning, which a new `schemaVersion` announces. */
  readonly meanings: Set<string>;
  /** Old sentence to new sentence. */
  readonly reworded: Map<string, string>;
  /** The bundles are made by the case itself, so their run ids and hashes differ. */
  readonly isImport: boolean;
}

export function noDifferences(isImport = false): Differences {
  return { breaches: [], added: new Set(), meanings: new Set(), reworded: new Map(), isImport };
}

function areEqual(before: number, after: number): boolean {
  return Math.abs(before - after) <= LAST_DIGITS * Math.max(Math.abs(before), Math.abs(after));
}

/** Fields that hold sentences or labels for people. Every other text identifies something and must stay. */
const SENTENCES =
  /(?:^|\.)(?:text|summary|remedy|label|next\[\]|warnings\[\]|method|method\.correction|cost|examples\[\]|missing\[\]|reason|excluded\[\]\.reason|gates\[\])$/;

/** Fields whose values may change their word, with the words that they may have now. */
const MEANINGS: readonly { readonly path: RegExp; readonly from: unknown; readonly to: unknown }[] = [
  { path: /(?:^|\.)validity\[\]\.severity$/, from: "info", to: "bars-pass" },
  { path: /^schemaVersion$/, from: 1, to: 2 },
];

/**
 * Two numbers are equal up to this share. DuckDB adds up in the order in which its threads deliver rows, so the last digits of a sum
 * without a fixed order differ from call to call of the same program.
 */
const LAST_DIGITS = 1e-9;

/** Identity of a bundle that was just imported: its run has a new name each time, and so do the hashes. */
const IDENTITY = /^(?:runIds\[\]|inputs\[\]\.(?:hash|sha256|path))$/;

/** compareJson walks two JSON values and collects their differences; `path` names array items by `[]`. */
export function compareJson(before: unknown, after: unknown, path: string, found: Differences): void {
  if (Object.is(before, after) || (found.isImport && IDENTITY.test(path))) return;
  if (typeof before === "number" && typeof after === "number" && areEqual(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length) found.breaches.push(`${path}: ${before.length} items became ${after.length}`);
    for (let index = 0; index < Math.min(before.length, after.length); index += 1) {
      compareJson(before[index], after[index], `${path}[]`, found);
    }
    return;
  }
  if (isRecord(before) && isRecord(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const inner = path === "" ? name : `${path}.${name}`;
      if (!(name in before)) found.added.add(inner);
      else if (!(name in after)) found.breaches.push(`${inner}: is gone`);
      else compareJson(before[name], after[name], inner, found);
    }
    return;
  }
  if (MEANINGS.some((meaning) => meaning.path.test(path) && meaning.from === before && meaning.to === after)) {
    found.meanings.add(`${path}: ${String(before)} -> ${String(after)}`);
    return;
  }
  if (typeof before === "string" && typeof after === "string" && SENTENCES.test(path)) {
    compareSentences(before, after, path, found);
    return;
  }
  found.breaches.push(`${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
}

/** Words may change, and numbers may not: a figure in a sentence is a figure. */
function compareSentences(before: string, after: string, path: string, found: Differences): void {
  found.reworded.set(before, after);
  const numbers = (text: string) => (text.match(/\d+(?:\.\d+)?/g) ?? []).toSorted().join(" ");
  if (numbers(before) !== numbers(after)) found.breaches.push(`${path}: other numbers: "${before}" became "${after}"`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
