import { closest, distance } from "fastest-levenshtein";

/** nearestWord is the allowed word most like `word`, or null where none is near enough to be meant. */
export function nearestWord(word: string, allowed: readonly string[]): string | null {
  if (allowed.length === 0) return null;
  const best = closest(word, [...allowed]);
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 2)) ? best : null;
}
