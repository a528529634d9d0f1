import { createReadStream } from "node:fs";
import { copyFile, open, rm, truncate } from "node:fs/promises";
import { createGunzip } from "node:zlib";

import { HarnessError } from "../domain/error.ts";

/** Longer than any header or sample. A file without line breaks must not be read as one line. */
const LONGEST_LINE = 65_536;

/** readFirstLine returns the first line of a file, plain or gzip (`.gz`). Null where the file is empty. */
export async function readFirstLine(path: string): Promise<string | null> {
  const gzip = path.endsWith(".gz");
  const file = createReadStream(path);
  const stream = gzip ? file.pipe(createGunzip()) : file;
  // pipe() does not forward errors.
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

/** Distance from the end in which the last line break is searched; longer than any line of k6. */
const LONGEST_TAIL = 1 << 20;

/**
 * wholeLinesLength counts the bytes up to the last line break. They are fewer than the size where a writer was killed in
 * mid-line.
 */
export async function wholeLinesLength(path: string): Promise<{ readonly size: number; readonly whole: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, LONGEST_TAIL);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return { size, whole: size - length + buffer.lastIndexOf(0x0a) + 1 };
  } finally {
    await file.close();
  }
}

/**
 * withWholeLines calls `work` with a file that ends with a line break: the file itself, or a copy without its incomplete last
 * line.
 *
 * The file is evidence, so it is not changed.
 */
export async function withWholeLines<Result>(
  path: string,
  copyPath: string,
  work: (path: string) => Promise<Result>,
): Promise<Result> {
  const { size, whole } = await wholeLinesLength(path);
  if (whole === size) return work(path);
  try {
    await copyFile(path, copyPath);
    await truncate(copyPath, whole);
    return await work(copyPath);
  } finally {
    await rm(copyPath, { force: true });
  }
}
