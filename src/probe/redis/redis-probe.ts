import type { Probe, Reading } from "../../domain/reading.ts";
import { fromZero } from "../from-zero.ts";
import { observe } from "../observe.ts";
import { sampleAndClose } from "../sample-and-close.ts";
import { openRedisSession } from "./redis-connection.ts";
import { commandLatencies, commandTimes, errorCounts, parseRedisInfo, redisValues } from "./redis-info.ts";

/** redisProbe reads INFO, which Redis answers from memory, with time and latency of each command, and errors. Both arms share the server. */
export function redisProbe(url: string, options: { everyMs: number }): Probe {
  const session = openRedisSession(url);
  const complete = fromZero();

  async function sample(): Promise<readonly Reading[]> {
    const info = parseRedisInfo(await session.info("all"));
    const observation = { timeMs: Date.now(), arm: null, probe: "redis" } as const;
    return [
      ...observe(observation, redisValues(info)),
      ...complete([
        ...commandTimes(info).flatMap(({ command, calls, us }) =>
          observe({ ...observation, labels: { command } }, { command_calls: calls, command_us: us }),
        ),
        ...errorCounts(info).flatMap(({ error, count }) =>
          observe({ ...observation, labels: { error } }, { error_replies: count }),
        ),
      ]),
      ...commandLatencies(info).flatMap(({ command, p50, p99 }) =>
        observe({ ...observation, labels: { command } }, { command_p50_us: p50, command_p99_us: p99 }),
      ),
    ];
  }

  return {
    name: "redis",
    everyMs: options.everyMs,
    start: sample,
    sample,
    stop: () => sampleAndClose(sample, session),
  };
}
