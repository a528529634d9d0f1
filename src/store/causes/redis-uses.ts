import { ARMS } from "../../domain/arm.ts";
import type { RedisUse } from "../../domain/cause-evidence.ts";
import type { CounterGrowth } from "../series/counter-series.ts";

/** REDIS_COUNTERS are what tells a slow Redis, and one that loses sessions. */
export const REDIS_COUNTERS = ["command_us", "evicted_keys", "rejected_connections"] as const;

/** redisUses adds up what each Redis did: one that both arms share, or one of either arm. */
export function redisUses(growths: readonly CounterGrowth[]): RedisUse[] {
  return [null, ...ARMS].flatMap((arm) => {
    const own = growths.filter(({ side, name }) => side === arm && REDIS_COUNTERS.some((counter) => counter === name));
    if (own.length === 0) return [];
    const total = (counter: (typeof REDIS_COUNTERS)[number]) =>
      own.reduce((sum, { name, growth }) => sum + (name === counter ? growth : 0), 0);
    return [
      {
        arm,
        commandMs: total("command_us") / 1000,
        evictedKeys: total("evicted_keys"),
        rejectedConnections: total("rejected_connections"),
      },
    ];
  });
}
