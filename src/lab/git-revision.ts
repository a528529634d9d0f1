import { runCommand } from "./run-command.ts";

/**
 * findGitRevision returns the commit that a folder's content comes from, or null where git knows nothing of it. Local changes are
 * said, since the commit alone would then name other code than the one that ran.
 */
export async function findGitRevision(folder: string, signal: AbortSignal): Promise<string | null> {
  // Root looks into a user's clone here, which git takes for suspicious unless told otherwise.
  const git = (...argv: readonly string[]) =>
    runCommand("git", ["git", "-c", "safe.directory=*", "-C", folder, ...argv], { signal, timeoutMs: 20_000, hint: "" });
  try {
    const revision = (await git("log", "-1", "--format=%H", "--", ".")).trim();
    if (revision === "") return null;
    return (await git("status", "--porcelain", "--", ".")) === "" ? revision : `${revision} with local changes`;
  } catch {
    return null;
  }
}
