/**
 * hash mixes its parts into an unsigned 32-bit number. It is seeded, without state and equal in every VU, which is what makes
 * the choice of arm and of business data repeatable.
 *
 * FNV-1a over the text of the parts, then the finaliser of MurmurHash3: FNV alone leaves neighbours such as pair 7 and
 * pair 8 alike in the high bits, and those are the bits that choose() uses.
 */
export function hash(...parts: readonly (string | number)[]): number {
  let state = 0x811c9dc5;
  for (const character of parts.join("\u0000")) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** Chooser draws a whole number in [0, count) that depends on nothing but the pair and the word. */
export type Chooser = (word: string, count: number) => number;

/** createChooser binds the draw to one pair of one scenario, so that both arms of the pair draw the same. */
export function createChooser(options: { seed: number; scenario: string; pair: number }): Chooser {
  const { seed, scenario, pair } = options;
  return (word, count) => Math.floor((hash(seed, scenario, pair, word) / 2 ** 32) * count);
}

/** chooseDistinct draws `count` different items, or all of them where there are fewer. */
export function chooseDistinct<Item>(items: readonly Item[], count: number, options: { choose: Chooser; word: string }): Item[] {
  const rest = [...items];
  const chosen: Item[] = [];
  while (chosen.length < count && rest.length > 0) {
    chosen.push(...rest.splice(options.choose(`${options.word} ${chosen.length}`, rest.length), 1));
  }
  return chosen;
}
