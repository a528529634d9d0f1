import { HarnessError } from "../domain/error.ts";
import { nearestWord } from "./config/nearest-word.ts";

/** unknownWord is the error for a word that is not among the allowed ones. */
export function unknownWord(what: string, word: string, allowed: readonly string[]): HarnessError {
  const nearest = nearestWord(word, allowed);
  return new HarnessError("usage", `unknown ${what} \`${word}\`${nearest === null ? "" : `, did you mean \`${nearest}\`?`}`, {
    hint: `Known: ${allowed.join(", ")}.`,
  });
}
