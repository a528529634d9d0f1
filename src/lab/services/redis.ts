import { Redis } from "ioredis";

import { type Chroot, inChroot } from "../machine/chroot.ts";
import { waitUntil } from "../machine/run-command.ts";
import { startService, stopService, watchForEnd } from "../machine/service-process.ts";

const NAME = "redis";
/** Sessions of a run take some kilobytes each. A full Redis evicts keys instead of using up the machine's memory. */
const MAX_MEMORY = "256mb";

/** startRedis starts a Redis without persistence, because it holds sessions only. */
export async function startRedis(chroot: Chroot, port: number, signal: AbortSignal): Promise<void> {
  const settings = {
    bind: "127.0.0.1",
    port: String(port),
    save: "",
    appendonly: "no",
    maxmemory: MAX_MEMORY,
    "maxmemory-policy": "volatile-lru",
    dir: "/lab/redis",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  startService(chroot.lab, { name: NAME, argv: inChroot(chroot, "redis", ["/usr/bin/redis-server", ...flags]) });
  await waitUntil("Redis did not start", () => isRedisHealthy(port), {
    timeoutMs: 20_000,
    signal,
    hint: `Read ${chroot.lab}/log/redis.out.`,
    isHopeless: watchForEnd(chroot.lab, NAME),
  });
}

/** stopRedis stops the Redis of the lab. */
export async function stopRedis(lab: string): Promise<void> {
  await stopService(lab, NAME, { signal: "SIGTERM", graceMs: 5000 });
}

/** isRedisHealthy says whether Redis answers PING. */
export async function isRedisHealthy(port: number): Promise<boolean> {
  return withRedis(port, async (redis) => (await redis.ping()) === "PONG");
}

/** flushRedis deletes all sessions, so that every run starts without any. */
export async function flushRedis(port: number): Promise<void> {
  await withRedis(port, (redis) => redis.flushall());
}

/** redisUrl returns the URL of the lab's Redis. */
export function redisUrl(port: number): string {
  return `redis://127.0.0.1:${port}/0`;
}

/** withRedis opens a connection for some work and closes it afterwards. */
export async function withRedis<Result>(port: number, work: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis({
    host: "127.0.0.1",
    port,
    lazyConnect: true,
    connectTimeout: 3000,
    commandTimeout: 5000,
    retryStrategy: () => null,
  });
  // Errors reach the caller through the awaited command.
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
