import { createServer, type Server as HttpServer } from "node:http";
import type { Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Longer than any fault delays a single request. */
const TIMEOUT_MS = 30_000;
/** Longer than any row of the drill. A connection that the server closes while the ingress reuses it would be a second fault. */
const KEEP_ALIVE_MS = 600_000;

/** fetchText requests a page without following redirects, and measures the time in milliseconds. */
export async function fetchText(
  url: string,
  signal?: AbortSignal,
): Promise<{ readonly status: number; readonly text: string; readonly elapsedMs: number }> {
  const startedMs = performance.now();
  const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])];
  const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.any(signals) });
  const text = await answer.text();
  return { status: answer.status, text, elapsedMs: performance.now() - startedMs };
}

/** listenOnLoopback binds a server to a free port of the loopback interface and returns the port. */
export function listenOnLoopback(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the server has no port"));
      else resolve(address.port);
    });
  });
}

/** AnsweringServer is an HTTP server that gives the same answer to every request. */
interface AnsweringServer {
  readonly url: string;
  /** Number of requests since the start. */
  asked(): number;
  close(): Promise<void>;
}

/** startAnsweringServer starts a server that answers 200 with a text after `afterMs`. */
export async function startAnsweringServer(answer: { text: string; afterMs: number }): Promise<AnsweringServer> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    request.resume();
    void sleep(answer.afterMs).then(() => response.writeHead(200, { "Content-Type": "text/html" }).end(answer.text));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return { url: `http://127.0.0.1:${await listenOnLoopback(server)}`, asked: () => asked, close: () => close(server) };
}

function close(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
