import type { Reading } from "../domain/reading.ts";

/** sampleAndClose is the end of a probe that holds sessions: it looks once more, and closes them even where that fails. */
export async function sampleAndClose(
  sample: () => Promise<readonly Reading[]>,
  ...sessions: readonly { close(): Promise<void> | void }[]
): Promise<readonly Reading[]> {
  try {
    return await sample();
  } finally {
    await Promise.all(sessions.map(async (session) => session.close()));
  }
}
