import { runCommand } from "./run-command.ts";

/** copyTree copies a folder with owners and modes; it shares the blocks where the file system can. */
export async function copyTree(from: string, to: string, signal: AbortSignal): Promise<void> {
  await copy(["cp", "-a", "--reflink=auto", "-T", from, to], to, signal);
}

/** linkTree makes a folder of hard links: right for Odoo's filestore, whose files are written once and never changed. */
export async function linkTree(from: string, to: string, signal: AbortSignal): Promise<void> {
  await copy(["cp", "-al", "-T", from, to], to, signal);
}

async function copy(argv: readonly string[], to: string, signal: AbortSignal): Promise<void> {
  await runCommand(`Copying to ${to}`, argv, { signal, timeoutMs: 300_000, hint: "Check that the disk is not full." });
}
