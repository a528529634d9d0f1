import { readFile } from "node:fs/promises";

import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";

/** BundleEvent is one line of `events.ndjson`: something that happened to the target or its host during the run. */
export interface BundleEvent {
  /** Epoch milliseconds. */
  readonly timeMs: number;
  /** As in domain/timeline.ts: `restart`, `autovacuum`, ... The block of a `disturbance` is left out of the estimates. */
  readonly kind: string;
  readonly label: string;
  /** Duration; absent for a moment. */
  readonly durationMs?: number | undefined;
}

const schema = z.object({ timeMs: z.number(), kind: z.string(), label: z.string(), durationMs: z.number().optional() });

/** readEvents reads a bundle's events in the order of time. The incomplete last line of a killed harness is left out. */
export async function readEvents(path: string): Promise<BundleEvent[]> {
  const raw = await readFile(path, "utf8").catch(() => "");
  const lines = raw.slice(0, raw.lastIndexOf("\n") + 1).split("\n");
  const events = lines.flatMap((line, index) => (line === "" ? [] : [readEvent(line, `${path}:${index + 1}`)]));
  return events.sort((a, b) => a.timeMs - b.timeMs || (a.kind < b.kind ? -1 : 1));
}

function readEvent(line: string, place: string): BundleEvent {
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    throw new HarnessError("usage", `${place}: not an event of peakproof`, {
      hint: "Restore the file from a copy of the bundle, or remove the line.",
      cause: error,
    });
  }
}
