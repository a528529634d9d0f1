import { connect, createServer, type Socket } from "node:net";

import { listenOnLoopback } from "./loopback.ts";

/** DelayProxy hands bytes on to a local port, what comes from the client a while later. */
export interface DelayProxy {
  readonly port: number;
  /** Connections since the start. */
  connections(): number;
  close(): Promise<void>;
}

/** startDelayProxy starts one. Bytes keep their order, and answers are not held up. */
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
      // Either end may go first; the other one follows.
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
