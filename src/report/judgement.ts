import type { Change, IndicatorChange } from "../domain/judgement/evaluation.ts";

/**
 * Judgement is a change as it is told to people. `not-worse` is the inconclusive change whose interval ends before the harmful
 * margin: how much better it may be is open, but it stands in no release's way.
 */
export type Judgement = Change | "not-worse";

/** JUDGEMENTS are in the order in which they are counted and explained, the worst first. */
export const JUDGEMENTS: readonly Judgement[] = ["regressed", "inconclusive", "not-worse", "equivalent", "improved"];

export const JUDGEMENT_WORD: Readonly<Record<Judgement, string>> = {
  regressed: "regressed",
  inconclusive: "inconclusive",
  "not-worse": "not worse",
  equivalent: "equivalent",
  improved: "improved",
};

/** JUDGEMENT_SIGN gives each judgement a shape of its own, so that no reader depends on colour. */
export const JUDGEMENT_SIGN: Readonly<Record<Judgement, string>> = {
  regressed: "▲",
  inconclusive: "◇",
  "not-worse": "□",
  equivalent: "■",
  improved: "▼",
};

export function judgementOf({ change, notWorse }: IndicatorChange): Judgement {
  return change === "inconclusive" && notWorse ? "not-worse" : change;
}
