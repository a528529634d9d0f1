import { closest, distance } from "fastest-levenshtein";

import { HarnessError } from "../../domain/error.ts";

/** unknownWord is the error for a word that is not among the allowed ones. */
export function unknownWord(what: string, word: string, allowed: readonly string[]): HarnessError {
  const nearest = nearestWord(word, allowed);
  return new HarnessError("usage", `unknown ${what} \`${word}\`${nearest === null ? "" : `, did you mean \`${nearest}\`?`}`, {
    hint: `Known: ${allowed.join(", ")}.`,
  });
}

/** nearestWord is the allowed word that is most similar to `word`; null where none is similar enough. */
export function nearestWord(word: string, allowed: readonly string[]): string | null {
  if (allowed.length === 0) return null;
  const best = closest(word, [...allowed]);
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 2)) ? best : null;
}
