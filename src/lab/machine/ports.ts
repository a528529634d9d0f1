import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/**
 * Below the range from which Linux takes the ports of outgoing connections (32768 and up): a port of a service that restarts
 * under load could be gone otherwise.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const ATTEMPTS = 200;

/**
 * findFreePorts returns different free loopback ports. All are held while the set is made, so that it has no port twice; another
 * program may still take one before it is used, which the start of the service notices.
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
