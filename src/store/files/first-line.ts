import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

import { HarnessError } from "../../domain/error.ts";

/** Longer than any header or sample; a file without line breaks must not be read as one line. */
const LONGEST_LINE = 65_536;

/** readFirstLine reads the first line of a file, plain or gzip (`.gz`); null where the file is empty. */
export async function readFirstLine(path: string): Promise<string | null> {
  const gzip = path.endsWith(".gz");
  const file = createReadStream(path);
  const stream = gzip ? file.pipe(createGunzip()) : file;
  // pipe() does not pass errors on.
  file.on("error", (error) => stream.destroy(error));
  let head = "";
  try {
    for await (const chunk of stream) {
      head += String(chunk);
      if (head.includes("\n") || head.length > LONGEST_LINE) break;
    }
  } catch (error) {
    throw new HarnessError("usage", `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      hint: gzip ? "Check that the file exists and is a whole gzip file." : "Check that the file exists and may be read.",
      cause: error,
    });
  } finally {
    file.destroy();
  }
  const line = (head.split("\n", 1)[0] ?? "").replace(/\r$/, "").replace(/^\uFEFF/, "");
  return head === "" ? null : line.slice(0, LONGEST_LINE);
}
