import { open } from "node:fs/promises";

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
