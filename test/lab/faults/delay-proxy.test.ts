import { connect, createServer, type Server } from "node:net";

import { afterEach, expect, test } from "vitest";

import { type DelayProxy, startDelayProxy } from "../../../src/lab/faults/delay-proxy.ts";
import { listenOnLoopback } from "../../../src/lab/faults/loopback.ts";

const DELAY_MS = 40;
const opened: (DelayProxy | Server)[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** A server that echoes everything that it receives. */
async function proxiedEcho(): Promise<DelayProxy> {
  const echo = createServer((socket) => socket.pipe(socket));
  const proxy = await startDelayProxy({ toPort: await listenOnLoopback(echo), delayMs: DELAY_MS });
  opened.push(echo, proxy);
  return proxy;
}

function converse(port: number, words: readonly string[]): Promise<{ text: string; elapsedMs: number }> {
  const startedMs = performance.now();
  const wanted = words.join("");
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      text += bytes.toString();
      if (text.length < wanted.length) return;
      socket.destroy();
      resolve({ text, elapsedMs: performance.now() - startedMs });
    });
    for (const word of words) socket.write(word);
  });
}

test("bytes arrive in order, after the delay", async () => {
  const proxy = await proxiedEcho();
  const { text, elapsedMs } = await converse(proxy.port, ["PING ", "PING ", "PONG"]);
  expect(text).toBe("PING PING PONG");
  // A timer of Node may fire a millisecond early.
  expect(elapsedMs).toBeGreaterThanOrEqual(DELAY_MS - 1);
});

test("a closed proxy has released its port and its connections", async () => {
  const proxy = await proxiedEcho();
  await converse(proxy.port, ["PING"]);
  await proxy.close();
  opened.pop();
  await expect(converse(proxy.port, ["PING"])).rejects.toThrow(/ECONNREFUSED/);
});
