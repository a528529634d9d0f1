import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { HarnessError } from "../domain/error.ts";

/** readK6Version asks k6 what it is, such as `2.2.0`, and refuses what is not k6 2.x. */
export async function readK6Version(k6: string): Promise<string> {
  let said = "";
  try {
    said = (await promisify(execFile)(k6, ["version"], { timeout: 20_000 })).stdout;
  } catch (cause) {
    throw new HarnessError("cannot-measure", `k6 could not be started from ${k6}`, {
      hint: "Install k6 2.x, or let `peakproof lab up` build it.",
      cause,
    });
  }
  const version = /v(2\.\d+\.\d+\S*)/.exec(said)?.[1];
  if (version !== undefined) return version;
  throw new HarnessError("cannot-measure", `${k6} is not k6 2.x: ${said.trim().split("\n")[0] ?? "it says nothing"}`, {
    hint: "Install k6 2.x, or let `peakproof lab up` build it.",
  });
}
