import { open, rename, rm } from "node:fs/promises";

/**
 * writeFileAtomic replaces the text at `path` as a whole: if the process is killed, the file holds either the old text or the new
 * text.
 */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = await open(draft, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
