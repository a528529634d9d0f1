import { Redis } from "ioredis";

/** RedisSession is one connection that opens itself when needed, also again after the server went away. */
export interface RedisSession {
  info(section?: string): Promise<string>;
  close(): void;
}

const CONNECT_LIMIT_MS = 3_000;
const ANSWER_LIMIT_MS = 5_000;

export function openRedisSession(url: string): RedisSession {
  let open: { redis: Redis; lastError: Error | null } | null = null;

  function connection(): { redis: Redis; lastError: Error | null } {
    const redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: CONNECT_LIMIT_MS,
      commandTimeout: ANSWER_LIMIT_MS,
      connectionName: "peakproof",
      // A question that fails is counted, and the next one connects anew: no retries behind our back.
      retryStrategy: () => null,
      maxRetriesPerRequest: null,
    });
    const made: { redis: Redis; lastError: Error | null } = { redis, lastError: null };
    // The reason of a lost connection comes as an event; the question itself only learns that it is closed.
    redis.on("error", (error: Error) => (made.lastError = error));
    return made;
  }

  return {
    async info(section) {
      open ??= connection();
      const { redis } = open;
      try {
        return await (section === undefined ? redis.info() : redis.info(section));
      } catch (error) {
        const reason = open?.lastError ?? error;
        redis.disconnect();
        open = null;
        throw reason;
      }
    },
    close() {
      open?.redis.disconnect();
      open = null;
    },
  };
}
