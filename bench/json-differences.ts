/** Differences of two verdicts. Breaches are differences of verdicts, figures, causes or order; the rest is for people to read. */
export interface Differences {
  readonly breaches: string[];
  readonly added: Set<string>;
  /** Fields whose words got another meaning, which a new `schemaVersion` announces. */
  readonly meanings: Set<string>;
  /** Old sentence to new sentence. */
  readonly reworded: Map<string, string>;
}

export function noDifferences(): Differences {
  return { breaches: [], added: new Set(), meanings: new Set(), reworded: new Map() };
}

/** Fields that hold sentences or labels for people. Every other text identifies something and must stay. */
const SENTENCES =
  /(?:^|\.)(?:text|summary|remedy|label|next\[\]|warnings\[\]|method|method\.correction|cost|examples\[\]|missing\[\]|reason|excluded\[\]\.reason|gates\[\])$/;

/** Fields whose values may change their word, with the words that they may have now. */
const MEANINGS: readonly { readonly path: RegExp; readonly from: unknown; readonly to: unknown }[] = [
  { path: /(?:^|\.)validity\[\]\.severity$/, from: "info", to: "bars-pass" },
  { path: /^schemaVersion$/, from: 1, to: 2 },
];

/** compareJson walks two JSON values and collects their differences; `path` names array items by `[]`. */
export function compareJson(before: unknown, after: unknown, path: string, found: Differences): void {
  if (Object.is(before, after)) return;
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
