import { createServer } from "node:net";

import { expect, test } from "vitest";

import { findFreePorts } from "../../src/lab/machine/ports.ts";

test("the ports differ, can be bound, and are outside the range of outgoing connections", async () => {
  const ports = await findFreePorts(20);
  expect(new Set(ports).size).toBe(20);
  for (const port of ports) {
    // Linux: net.ipv4.ip_local_port_range begins at 32768.
    expect(port).toBeLessThan(32_768);
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
    await new Promise((resolve) => server.close(resolve));
  }
});
