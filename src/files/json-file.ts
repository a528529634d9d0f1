import { readFile } from "node:fs/promises";

import { z } from "zod";

import { HarnessError } from "../domain/error.ts";

const versioned = z.looseObject({ schemaVersion: z.number() });

/** The newest schemaVersion of files whose kind names no other. */
const KNOWN = 1;

/** JsonFileKind describes one kind of peakproof's JSON files, and the errors about it. */
export interface JsonFileKind<Content> {
  /** Noun in messages: `bundle`, `verdict`, `calibration`. */
  readonly what: string;
  readonly schema: z.ZodType<Content>;
  /** The newest schemaVersion that this version of peakproof knows; 1 where it is absent. */
  readonly known?: number;
  /** Error where the file cannot be read. */
  readonly unreadable: { readonly message: (path: string) => string; readonly hint: string };
  /** Hint where the content is not JSON; absent where `notValid` covers this case. */
  readonly notJson?: string;
  /** Error where the content does not fit the schema; `issue` is the first difference. */
  readonly notValid: { readonly message: (path: string, issue: string) => string; readonly hint: string };
}

/** JsonFile is the content of a file and the exact bytes from which it was read. */
export interface JsonFile<Content> {
  readonly bytes: Buffer;
  readonly content: Content;
}

/** readJsonFile reads and checks a JSON file of peakproof. It refuses a file with a newer schemaVersion. */
export async function readJsonFile<Content>(path: string, kind: JsonFileKind<Content>): Promise<JsonFile<Content>> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new HarnessError("usage", kind.unreadable.message(path), { hint: kind.unreadable.hint, cause: error });
  });
  const raw = bytes.toString();
  const parsed = parse(raw, path, kind);
  refuseNewerSchema({ path, raw, parsed, what: kind.what, known: kind.known ?? KNOWN });
  const checked = kind.schema.safeParse(parsed);
  if (checked.success) return { bytes, content: checked.data };
  const [issue] = checked.error.issues;
  const first = `${issue?.path.join(".") ?? "?"}: ${issue?.message ?? `not a ${kind.what}`}`;
  throw new HarnessError("usage", kind.notValid.message(path, first), { hint: kind.notValid.hint, cause: checked.error });
}

/** parseJsonOrNull parses JSON; null where the text is not JSON. */
export function parseJsonOrNull(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}

function parse<Content>(raw: string, path: string, { notJson, notValid }: JsonFileKind<Content>): unknown {
  try {
    return JSON.parse(raw);
  } catch (error) {
    const why = `not JSON: ${error instanceof Error ? error.message : String(error)}`;
    const message = notJson === undefined ? notValid.message(path, why) : `${path} is ${why}`;
    throw new HarnessError("usage", message, { hint: notJson ?? notValid.hint, cause: error });
  }
}

/** The fields of a newer file may have a meaning that this version does not know. */
function refuseNewerSchema(file: { path: string; raw: string; parsed: unknown; what: string; known: number }): void {
  const version = versioned.safeParse(file.parsed);
  if (!version.success || version.data.schemaVersion <= file.known) return;
  const line = file.raw.slice(0, file.raw.indexOf('"schemaVersion"')).split("\n").length;
  throw new HarnessError(
    "usage",
    `${file.path}:${line}: schemaVersion ${version.data.schemaVersion} is newer than this peakproof knows (${file.known})`,
    { hint: `Read the ${file.what} with the version of peakproof that wrote it, or a later one.` },
  );
}
