import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import { HarnessError } from "../../domain/error.ts";
import { wholeLinesLength } from "../../files/lines.ts";
import { k6TimeOf } from "./csv.ts";
import type { SampleFile } from "./result-file.ts";

/** requireWhole refuses a file that was cut: one whose last line is incomplete, or whose gzip stream has no end. */
export async function requireWhole(file: SampleFile): Promise<void> {
  if (!file.gzip) {
    const { size, whole } = await wholeLinesLength(file.path);
    if (whole !== size) throw await cutFault(file, null);
    return;
  }
  let last = 0;
  try {
    await pipeline(createReadStream(file.path), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) last = chunk.at(-1) ?? last;
    });
  } catch (error) {
    throw await cutFault(file, error);
  }
  if (last !== 0x0a) throw await cutFault(file, null);
}

/**
 * explainFault turns DuckDB's error about a file into an error with the line. The file is read a second time only here, because
 * counting lines during every import would double the work.
 */
export async function explainFault(file: SampleFile, error: unknown): Promise<unknown> {
  const message = error instanceof Error ? error.message : String(error);
  const line = /CSV Error on Line: (\d+)|in line (\d+)/.exec(message);
  const found =
    (await findFault(file)) ?? (line === null ? null : { line: Number(line[1] ?? line[2]), what: "not a row of k6's output" });
  if (found === null) return error;
  return new HarnessError("usage", `${file.path}:${found.line}: ${found.what}`, {
    hint: "Export the samples again, or cut the file before that line.",
    cause: error,
  });
}

interface Fault {
  readonly line: number;
  readonly what: string;
}

async function cutFault(file: SampleFile, cause: unknown): Promise<HarnessError> {
  let line = 0;
  await eachLine(file, () => {
    line += 1;
    return true;
  });
  const what = cause === null ? "the file is cut in mid-line" : "the gzip file has no end: it is cut here";
  return new HarnessError("usage", `${file.path}:${line}: ${what}`, {
    hint: "Take the whole file; k6 that was killed leaves a cut one: end it with SIGTERM instead.",
    cause,
  });
}

/** findFault finds the first row whose time or value is malformed, or whose time is in another format than the times before. */
async function findFault(file: SampleFile): Promise<Fault | null> {
  if (file.kind === "ndjson") return findBrokenJson(file);
  let line = 0;
  let format: string | null = null;
  let quoted = false;
  let fault: Fault | null = null;
  await eachLine(file, (text) => {
    line += 1;
    const begins = !quoted;
    // An odd number of quotes opens or closes a field that spans several lines.
    if ((text.split('"').length - 1) % 2 === 1) quoted = !quoted;
    if (line === 1 || !begins) return true;
    const [, time = "", value = ""] = text.split(",", 3);
    const own = k6TimeOf(time);
    if (own === null) fault = { line, what: `"${time.slice(0, 40)}" is not a time of k6` };
    else if (format !== null && own !== format) fault = { line, what: `time in the format ${own} after times in ${format}` };
    else if (value === "" || !Number.isFinite(Number(value))) fault = { line, what: `"${value.slice(0, 40)}" is not a number` };
    format = own;
    return fault === null;
  });
  return fault;
}

async function findBrokenJson(file: SampleFile): Promise<Fault | null> {
  let line = 0;
  let fault: Fault | null = null;
  await eachLine(file, (text) => {
    line += 1;
    try {
      JSON.parse(text);
    } catch {
      fault = { line, what: "not a line of JSON" };
    }
    return fault === null;
  });
  return fault;
}

/** eachLine reads line by line until `take` returns false. The end of a cut gzip file ends the lines without an error. */
async function eachLine(file: SampleFile, take: (line: string) => boolean): Promise<void> {
  const source = createReadStream(file.path);
  const input = file.gzip ? source.pipe(createGunzip()) : source;
  const lines = createInterface({ input, crlfDelay: Infinity });
  try {
    for await (const line of lines) if (!take(line)) break;
  } catch (error) {
    // A cut gzip file has no more lines.
    if (!file.gzip) throw error;
  } finally {
    lines.close();
    source.destroy();
  }
}
