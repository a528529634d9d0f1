import { HarnessError } from "../domain/error.ts";
import { withLock } from "./lock.ts";

/** withLabLock keeps two commands from changing one lab at a time; the second ends at once, since the first may take minutes. */
export async function withLabLock<Result>(lab: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  const onWait = (holderPid: number | null) => {
    throw new HarnessError(
      "cannot-measure",
      `Another peakproof${holderPid === null ? "" : ` (process ${holderPid})`} is using the lab ${lab}`,
      {
        hint: "Wait for it to end, or stop it.",
      },
    );
  };
  return withLock(lab, "lab", { signal, onWait }, work);
}
