import { type FileHandle, open } from "node:fs/promises";

/** Size of one read. A long file is read in pieces, so that it is never in memory as a whole. */
const PIECE_BYTES = 1 << 20;
/** Longest unfinished line that is kept. The beginning of a longer line is dropped. */
const LONGEST_LINE = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** FileTail reads the lines that are appended to a file while another process writes it. */
export interface FileTail {
  /** Skips everything that the file holds now. Without this call, reading starts at the beginning of the file. */
  skipToEnd(): Promise<void>;
  /**
   * Calls `onLine` for each complete line since the last call, up to the end of the file. Empty lines are skipped. An incomplete
   * last line is kept until its end is written.
   */
  read(onLine: (line: string) => void): Promise<void>;
}

/**
 * tailFile follows a growing file. After a log rotation (another inode, or a smaller file) it reads the new file from its
 * beginning. With `mayBeAbsent`, a file that does not exist has no lines yet; otherwise reading it is an error.
 */
export function tailFile(path: string, { mayBeAbsent = false }: { mayBeAbsent?: boolean } = {}): FileTail {
  let position = 0;
  let inode: number | null = null;
  let rest: Buffer = Buffer.alloc(0);

  async function readPieces(file: FileHandle, onLine: (line: string) => void): Promise<void> {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      const bytes = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      rest = bytes.length - end > LONGEST_LINE ? Buffer.alloc(0) : Buffer.from(bytes.subarray(end));
      for (const line of bytes.toString("utf8", 0, end).split("\n")) if (line !== "") onLine(line);
    }
  }

  return {
    skipToEnd: () =>
      withFile(path, { mayBeAbsent }, async (file) => {
        const { size, ino } = await file.stat();
        [position, inode, rest] = [size, ino, Buffer.alloc(0)];
      }),
    read: (onLine) =>
      withFile(path, { mayBeAbsent }, async (file) => {
        const { size, ino } = await file.stat();
        if ((inode !== null && ino !== inode) || size < position) [position, rest] = [0, Buffer.alloc(0)];
        inode = ino;
        await readPieces(file, onLine);
      }),
  };
}

async function withFile(
  path: string,
  { mayBeAbsent }: { mayBeAbsent: boolean },
  work: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await openFile(path, mayBeAbsent);
  try {
    if (file !== null) await work(file);
  } finally {
    await file?.close();
  }
}

async function openFile(path: string, mayBeAbsent: boolean): Promise<FileHandle | null> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (mayBeAbsent && error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
