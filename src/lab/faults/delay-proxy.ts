import { connect, createServer, type Socket } from "node:net";

import { listenOnLoopback } from "./loopback.ts";

/** DelayProxy forwards TCP connections to a local port and delays the bytes that clients send. */
export interface DelayProxy {
  readonly port: number;
  /** Number of connections since the start. */
  connections(): number;
  close(): Promise<void>;
}

/** startDelayProxy starts a DelayProxy. The order of bytes is kept. Answers are not delayed. */
export async function startDelayProxy(options: { toPort: number; delayMs: number }): Promise<DelayProxy> {
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(options.toPort, "127.0.0.1");
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      // Either end may close first. The other end is then closed as well.
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (bytes) => void setTimeout(() => upstream.write(bytes), options.delayMs));
    upstream.on("data", (bytes) => client.write(bytes));
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
