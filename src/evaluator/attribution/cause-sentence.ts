import type { Attribution } from "../../domain/judgement/evaluation.ts";
import type { Causes } from "./attribution.ts";
import { describeAdded, describeParts } from "./time-words.ts";

/** causeSentence says for a leader what is behind a failure, without SQL, as the next sentence; empty where no cause is known. */
export function causeSentence({ attribution, addedTime }: Causes): string {
  const [first] = attribution;
  if (first === undefined) return "";
  const time = isCounted(first) ? undefined : addedTime.find(({ step }) => step === first.step);
  if (time === undefined) return sentence(first.text.split(DETAIL, 1)[0] ?? first.text);
  const parts = describeParts(time);
  const doubt = time.layer === "cannot-tell" ? "; where most of it goes cannot be told" : "";
  return sentence(`${describeAdded(time)}${parts === "" ? "" : `: ${parts}`}${doubt}`);
}

/** Behind this a finding names its statement, or what it could not tell. */
const DETAIL = /: [\d.\u202f]+ × |; /;

/** Failures and statements were counted, and are told as they are. */
function isCounted({ addedMs, addedCalls, layer }: Attribution): boolean {
  return addedCalls !== null || (addedMs === null && layer !== "cannot-tell");
}

function sentence(text: string): string {
  return ` ${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
