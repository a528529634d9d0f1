import { HarnessError } from "../domain/error.ts";
import type { Target } from "../domain/target/target.ts";
import { inspectTarget } from "./inspect-target.ts";

/** checkTarget refuses, before any load, a target of which a configured part cannot be read. */
export async function checkTarget(target: Target): Promise<void> {
  const blocked = (await inspectTarget(target)).find(({ ok, needed }) => !ok && needed);
  if (blocked !== undefined) throw new HarnessError("cannot-measure", blocked.text, { hint: blocked.remedy });
}
