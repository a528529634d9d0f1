import { copyFile, open, rm, truncate } from "node:fs/promises";

/** How far back the last line break is looked for; k6 writes no line that is longer. */
const LONGEST_LINE = 1 << 20;

/** wholeLinesLength counts the bytes up to the last line break: less than the size where a writer was killed in mid-line. */
export async function wholeLinesLength(path: string): Promise<{ readonly size: number; readonly whole: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, LONGEST_LINE);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return { size, whole: size - length + buffer.lastIndexOf(0x0a) + 1 };
  } finally {
    await file.close();
  }
}

/**
 * withWholeLines hands `work` a file that ends with a line break: the file itself, or a copy without its last half line.
 *
 * The file is evidence and is never changed.
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
