import { open, rename, rm } from "node:fs/promises";

/** writeFileAtomic leaves either the old text or the new one at `path`, also when the process is killed in between. */
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
