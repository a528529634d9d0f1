import type { ErrorCode } from "../domain/error.ts";
import type { Verdict } from "../domain/judgement/evaluation.ts";

/** EXIT_CODE lists every exit code of peakproof. Nothing else in the program knows a number. */
export const EXIT_CODE = {
  pass: 0,
  fail: 1,
  usage: 2,
  inconclusive: 3,
  "cannot-measure": 4,
  bug: 70,
  interrupted: 130,
} as const satisfies Record<Verdict | ErrorCode | "bug", number>;
