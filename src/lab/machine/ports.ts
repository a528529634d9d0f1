import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/**
 * Ports below the range that Linux uses for outgoing connections (32768 and up). A port in that range could be taken while a
 * service restarts under load.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const ATTEMPTS = 200;

/**
 * findFreePorts returns different free loopback ports. All of them are held until the set is complete, so that no port occurs
 * twice. Another program may still take a port before it is used; the start of the service then fails.
 */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const held: { port: number; server: Server }[] = [];
  try {
    for (let attempt = 0; held.length < count && attempt < ATTEMPTS; attempt += 1) {
      const port = randomInt(LOWEST, HIGHEST);
      const server = await hold(port);
      if (server !== null) held.push({ port, server });
    }
    if (held.length < count) throw new Error(`no ${count} free ports between ${LOWEST} and ${HIGHEST}`);
    return held.map(({ port }) => port);
  } finally {
    await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  }
}

function hold(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
