import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "./write-file-atomically.ts";

const port = z.number().int().min(1).max(65_535);

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Folders of the cache entries that the lab runs from. */
  entries: z.strictObject({ rootfs: z.string(), shop: z.string(), k6: z.string(), traefik: z.string() }),
  ports: z.strictObject({ postgres: port, redis: port, metrics: port, baseline: port, candidate: port }),
});

/** LabState is what a later command has to know of a lab. Which processes run stands in the records of the services. */
export type LabState = z.infer<typeof schema>;

/** readLabState returns null where there is no lab, or one of another schema version, which is then set up again. */
export function readLabState(lab: string): LabState | null {
  try {
    return schema.parse(JSON.parse(readFileSync(statePath(lab), "utf8")));
  } catch {
    return null;
  }
}

/** writeLabState replaces the state. */
export function writeLabState(lab: string, state: LabState): void {
  writeFileAtomically(statePath(lab), `${JSON.stringify(state, null, 2)}\n`);
}

function statePath(lab: string): string {
  return join(lab, "state.json");
}
