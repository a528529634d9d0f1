import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listenOnLoopback } from "./listen-on-loopback.ts";

/** AnsweringServer is a small HTTP server that gives everybody the same answer. */
interface AnsweringServer {
  readonly url: string;
  /** Requests so far. */
  asked(): number;
  close(): Promise<void>;
}

/** Longer than any row: a connection that the server closes just as the ingress uses it again would be another fault. */
const KEEP_ALIVE_MS = 600_000;

/** startAnsweringServer answers 200 with a text after some time. */
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

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
