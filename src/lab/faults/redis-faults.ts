import { readFileSync } from "node:fs";

import type { Redis } from "ioredis";

import { redisUrl, withRedis } from "../services/redis.ts";
import { startDelayProxy } from "./delay-proxy.ts";
import { type FaultScene, runUntilStopped, type LabFault, notInEffect, pause } from "./fault.ts";

/** Prefix of the candidate's session keys. The baseline uses the default prefix of fixtures/addons/lab. */
const PREFIX = "drill:session:";
const BASELINE_PREFIX = "odoo:session:";
/** Name of a test key in each arm, used when the fault is tried out. */
const CANARY = "canary";
const URL_VARIABLE = "PEAKPROOF_REDIS_URL";

const redisLatency: LabFault = {
  id: "redis-latency",
  title: "Redis answers slowly",
  layer: "redis",
  place: "a proxy in front of Redis that only the candidate's Odoo uses",
  unit: "ms per command",
  sizes: { small: 5, medium: 60, large: 250 },
  async serve(stage, amount) {
    const proxy = await startDelayProxy({ toPort: stage.lab.state.ports.redis, delayMs: amount });
    stage.afterwards(() => proxy.close());
    return { candidate: { environment: { [URL_VARIABLE]: redisUrl(proxy.port) } } };
  },
  async inject({ arms, lab }, amount) {
    const port = redisPortOf(arms.candidate);
    if (port === null || port === lab.state.ports.redis) throw notInEffect("the candidate's Odoo does not use the proxy");
    const elapsedMs = await withRedis(port, async (redis) => {
      const startedMs = performance.now();
      await redis.ping();
      return performance.now() - startedMs;
    });
    if (elapsedMs < amount) throw notInEffect(`the candidate's Redis answers after ${elapsedMs.toFixed(1)} ms`);
    return `the proxy that the candidate's Odoo uses answers after ${elapsedMs.toFixed(0)} ms`;
  },
};

/**
 * sessionEviction lowers the memory limit of Redis for a moment, so that Redis evicts the keys that may be evicted: the
 * candidate's sessions.
 */
const sessionEviction: LabFault = {
  id: "session-eviction",
  title: "Redis runs out of memory and evicts the sessions",
  layer: "redis",
  place:
    "the candidate's keys in the Redis of both arms; the baseline's keys have no expiry at that moment and cannot be evicted",
  unit: "times per minute",
  sizes: { small: 1, medium: 4, large: 15 },
  serve: async () => ({ candidate: { environment: { PEAKPROOF_REDIS_PREFIX: PREFIX } } }),
  inject: ({ lab }) =>
    withRedis(lab.state.ports.redis, async (redis) => {
      await redis.set(PREFIX + CANARY, "", "EX", 60);
      await redis.set(BASELINE_PREFIX + CANARY, "", "EX", 60);
      const limit = await memoryLimit(redis);
      const evicted = await evictSessions(redis);
      const [own, other] = [await redis.exists(PREFIX + CANARY), await redis.exists(BASELINE_PREFIX + CANARY)];
      await redis.del(PREFIX + CANARY, BASELINE_PREFIX + CANARY);
      if (own === 1 || other === 0 || evicted === 0) throw notInEffect(`Redis evicted ${evicted} keys`);
      if ((await memoryLimit(redis)) !== limit) throw notInEffect("the memory limit of Redis was not restored");
      return `Redis evicted ${evicted} keys of the candidate and none of the baseline`;
    }),
  disturb: async ({ lab }, amount) =>
    runUntilStopped(async (stopped) => {
      const everyMs = 60_000 / amount;
      await pause(everyMs / 2, stopped);
      while (!stopped.aborted) {
        await withRedis(lab.state.ports.redis, evictSessions);
        await pause(everyMs, stopped);
      }
    }),
};

/** REDIS_FAULTS are a slow Redis and a Redis that evicts sessions. */
export const REDIS_FAULTS: readonly LabFault[] = [redisLatency, sessionEviction];

/** redisPortOf reads the Redis port from the environment of the running Odoo process, which the kernel shows to root. */
function redisPortOf({ odooPids }: FaultScene["arms"]["candidate"]): number | null {
  const [pid] = odooPids;
  if (pid === undefined) return null;
  const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  const url = variables.find((variable) => variable.startsWith(`${URL_VARIABLE}=`))?.slice(URL_VARIABLE.length + 1);
  return url === undefined ? null : Number(new URL(url).port);
}

/**
 * evictSessions lowers the memory limit and restores it in one transaction, so that a killed drill leaves nothing behind. Redis
 * evicts at once, and with the lab's policy only keys that have an expiry. Returns the number of evicted keys.
 */
async function evictSessions(redis: Redis): Promise<number> {
  const limit = await memoryLimit(redis);
  const before = await evictedKeys(redis);
  const transaction = redis.multi();
  for (const key of await redis.keys(`${BASELINE_PREFIX}*`)) transaction.persist(key);
  const results = await transaction.config("SET", "maxmemory", "1").config("SET", "maxmemory", limit).exec();
  const failure = results?.find(([error]) => error !== null)?.[0];
  if (failure) throw failure;
  return (await evictedKeys(redis)) - before;
}

async function memoryLimit(redis: Redis): Promise<string> {
  return /^maxmemory:(\d+)/m.exec(await redis.info("memory"))?.[1] ?? "0";
}

async function evictedKeys(redis: Redis): Promise<number> {
  return Number(/^evicted_keys:(\d+)/m.exec(await redis.info("stats"))?.[1] ?? 0);
}
