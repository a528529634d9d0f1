import type { Probe, Reading } from "../../domain/reading.ts";
import { fromZero } from "../from-zero.ts";
import { observe } from "../observe.ts";
import { openRedisSession } from "./redis-connection.ts";
import { commandTimes, parseRedisInfo, redisValues } from "./redis-info.ts";

/** redisProbe reads INFO, which Redis answers from memory, and the time of each command. Both arms share the server. */
export function redisProbe(url: string, options: { everyMs: number }): Probe {
  const session = openRedisSession(url);
  const complete = fromZero();

  async function sample(): Promise<readonly Reading[]> {
    const info = parseRedisInfo(`${await session.info()}\n${await session.info("commandstats")}`);
    const observation = { timeMs: Date.now(), arm: null, probe: "redis" } as const;
    return [
      ...observe(observation, redisValues(info)),
      ...complete(
        commandTimes(info).flatMap(({ command, calls, us }) =>
          observe({ ...observation, labels: { command } }, { command_calls: calls, command_us: us }),
        ),
      ),
    ];
  }

  return {
    name: "redis",
    everyMs: options.everyMs,
    start: sample,
    sample,
    async stop() {
      try {
        return await sample();
      } finally {
        session.close();
      }
    },
  };
}
