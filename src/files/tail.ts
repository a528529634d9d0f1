import { type FileHandle, open } from "node:fs/promises";

/** Read in pieces of this size, so that a long file never lies in memory as a whole. */
const PIECE_BYTES = 1 << 20;

/** LineTail gives the whole lines that were added to a growing file since the last call. */
export interface LineTail {
  read(onLine: (line: string) => void): Promise<void>;
}

/** tailLines follows a file that may not exist yet. A line without its end stays back until the rest is written. */
export function tailLines(path: string): LineTail {
  let offset = 0;
  let rest = Buffer.alloc(0);
  return {
    async read(onLine) {
      const file = await openOrNull(path);
      if (file === null) return;
      try {
        const piece = Buffer.alloc(PIECE_BYTES);
        for (;;) {
          const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, offset);
          if (bytesRead === 0) return;
          offset += bytesRead;
          const text = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
          const end = text.lastIndexOf(0x0a) + 1;
          rest = Buffer.from(text.subarray(end));
          for (const line of text.toString("utf8", 0, end).split("\n")) if (line !== "") onLine(line);
        }
      } finally {
        await file.close();
      }
    },
  };
}

async function openOrNull(path: string) {
  try {
    return await open(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** LogTail gives the whole lines that were written to a file since it was last asked, beginning at the end of the file. */
export interface LogTail {
  /** Remembers where the file ends now. */
  begin(): Promise<void>;
  /** Lines written since; the last one is kept back until its line end is there. */
  lines(): Promise<readonly string[]>;
}

/** Most bytes taken at once: a log that grows faster is read over several ticks. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

export function tailLog(path: string): LogTail {
  let position = 0;
  let inode: number | null = null;
  let rest: Buffer = Buffer.alloc(0);

  return {
    begin: () =>
      withFile(path, async (file) => {
        const { size, ino } = await file.stat();
        [position, inode, rest] = [size, ino, Buffer.alloc(0)];
      }),
    lines: () =>
      withFile(path, async (file) => {
        const { size, ino } = await file.stat();
        // A rotated or emptied file is another file: what it holds was all written since.
        if ((inode !== null && ino !== inode) || size < position) [position, rest] = [0, Buffer.alloc(0)];
        inode = ino;
        const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, size - position));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
        position += bytesRead;
        const text = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const end = text.lastIndexOf(NEWLINE) + 1;
        rest = text.length - end > CHUNK_BYTES ? Buffer.alloc(0) : Buffer.from(text.subarray(end));
        return end === 0 ? [] : text.toString("utf8", 0, end - 1).split("\n");
      }),
  };
}

async function withFile<Value>(path: string, read: (file: FileHandle) => Promise<Value>): Promise<Value> {
  const file = await open(path, "r");
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}
