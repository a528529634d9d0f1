import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";

const versioned = z.looseObject({ schemaVersion: z.number() });

/** The schema of every file that peakproof writes, apart from verdicts. */
const KNOWN = 1;

/** refuseNewerSchema refuses a file of a later peakproof, whose fields may mean what this one does not know. */
export function refuseNewerSchema(file: { path: string; raw: string; parsed: unknown; what: string; known?: number }): void {
  const { known = KNOWN } = file;
  const version = versioned.safeParse(file.parsed);
  if (!version.success || version.data.schemaVersion <= known) return;
  const line = file.raw.slice(0, file.raw.indexOf('"schemaVersion"')).split("\n").length;
  throw new HarnessError(
    "usage",
    `${file.path}:${line}: schemaVersion ${version.data.schemaVersion} is newer than this peakproof knows (${known})`,
    { hint: `Read the ${file.what} with the version of peakproof that wrote it, or a later one.` },
  );
}
