import type { Arm } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";

/** Characters that a search pattern takes as they are: a `%` or `_` in a run's id would match the records of others. */
const PLAIN = /^[0-9A-Za-z-]+$/;

/** runStamp is what every reference of a run in one arm begins with, as scenarios/lib/reference.ts makes them. */
export function runStamp(runId: string, arm: Arm): string {
  if (!PLAIN.test(runId)) {
    throw new HarnessError("usage", `the run id \`${runId}\` is none that peakproof gives`, {
      hint: "It may hold letters, digits and dashes. Restore run.json of the bundle: cleanup removes what bears this id.",
    });
  }
  return `pp-${runId}-${arm === "baseline" ? "b" : "c"}-`;
}
