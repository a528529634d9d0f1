import { readFileSync } from "node:fs";
import { redisUrl, withRedis } from "../redis-service.ts";
import { startDelayProxy } from "./delay-proxy.ts";
import { notInEffect, type FaultScene, type LabFault } from "./lab-fault.ts";
import { SESSION_EVICTION } from "./session-eviction.ts";

const URL_VARIABLE = "PEAKPROOF_REDIS_URL";

const redisLatency: LabFault = {
  id: "redis-latency",
  title: "Redis answers late",
  layer: "redis",
  place: "a proxy before Redis that only the candidate's Odoo uses",
  unit: "ms per command",
  sizes: { small: 5, medium: 60, large: 250 },
  async serve(stage, amount) {
    const proxy = await startDelayProxy({ toPort: stage.lab.state.ports.redis, delayMs: amount });
    stage.afterwards(() => proxy.close());
    return { candidate: { environment: { [URL_VARIABLE]: redisUrl(proxy.port) } } };
  },
  async inject({ arms, lab }, amount) {
    const port = redisPortOf(arms.candidate);
    if (port === null || port === lab.state.ports.redis) throw notInEffect("the candidate's Odoo uses Redis itself");
    const elapsedMs = await withRedis(port, async (redis) => {
      const startedMs = performance.now();
      await redis.ping();
      return performance.now() - startedMs;
    });
    if (elapsedMs < amount) throw notInEffect(`the candidate's Redis answers after ${elapsedMs.toFixed(1)} ms`);
    return `the Redis that the candidate's Odoo was given answers after ${elapsedMs.toFixed(0)} ms`;
  },
};

/** REDIS_FAULTS are a Redis that is slow, and one that forgets. */
export const REDIS_FAULTS: readonly LabFault[] = [redisLatency, SESSION_EVICTION];

/** The kernel shows root the environment that a process was started with. */
function redisPortOf({ odooPids }: FaultScene["arms"]["candidate"]): number | null {
  const [pid] = odooPids;
  if (pid === undefined) return null;
  const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  const url = variables.find((variable) => variable.startsWith(`${URL_VARIABLE}=`))?.slice(URL_VARIABLE.length + 1);
  return url === undefined ? null : Number(new URL(url).port);
}
