import { createHash } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { throwIfInterrupted } from "./run-command.ts";

const EVERY_MS = 200;
const ASK_TIMEOUT_MS = 1000;
/** Length of sun_path in unix(7). The name fills it, because Node versions differ in how they end a shorter abstract name. */
const NAME_LENGTH = 108;

/**
 * withLock runs work that only one process at a time may do on a folder. While another process holds the lock, `onWait` gets its
 * pid (null where unknown). `onWait` throws to give up, or returns to keep waiting.
 *
 * The lock is a socket with an abstract name. The kernel gives a name to one process only and releases it when that process ends
 * for any reason. A lock is therefore never stale.
 */
export async function withLock<Result>(
  folder: string,
  purpose: string,
  options: { signal: AbortSignal; onWait: (holderPid: number | null) => void },
  work: () => Promise<Result>,
): Promise<Result> {
  mkdirSync(folder, { recursive: true });
  const name = lockName(realpathSync(folder), purpose);
  for (;;) {
    throwIfInterrupted(options.signal);
    const lock = await tryLock(name);
    if (lock !== null) {
      try {
        return await work();
      } finally {
        await new Promise((resolve) => lock.close(resolve));
      }
    }
    options.onWait(await askHolder(name));
    await sleep(EVERY_MS);
  }
}

function lockName(folder: string, purpose: string): string {
  const hash = createHash("sha512").update(`${folder}\0${purpose}`).digest("hex");
  return `\0peakproof-${hash}`.slice(0, NAME_LENGTH);
}

/** tryLock returns the lock, or null where another process holds it. */
function tryLock(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.end(String(process.pid)).on("error", () => {}));
    server.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(null) : reject(error)));
    server.listen(name, () => resolve(server));
  });
}

function askHolder(name: string): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = connect(name);
    let text = "";
    socket.setTimeout(ASK_TIMEOUT_MS, () => socket.destroy());
    socket.on("data", (data) => (text += data.toString()));
    // The holder ended before it answered.
    socket.on("error", () => {});
    socket.on("close", () => resolve(/^\d+$/.test(text) ? Number(text) : null));
  });
}
