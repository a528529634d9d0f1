import { Redis } from "ioredis";

import type { Probe, Reading } from "../../domain/reading.ts";
import type { Finding } from "../../domain/target/finding.ts";
import { blocking, good, poorer, reasonOf } from "../sampling/finding.ts";
import { fromZero, observe, sampleAndClose } from "../sampling/readings.ts";

const CONNECT_LIMIT_MS = 3_000;
const ANSWER_LIMIT_MS = 5_000;

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

/** inspectRedis looks whether Redis answers, and whether it could throw sessions away. */
export async function inspectRedis(url: string): Promise<readonly Finding[]> {
  const session = openRedisSession(url);
  const { host } = new URL(url);
  try {
    const info = parseRedisInfo(await session.info());
    const policy = info.get("maxmemory_policy") ?? "unknown";
    const answers = good("redis", `Redis ${info.get("redis_version") ?? ""} answers at ${host}`);
    if (!policy.startsWith("allkeys")) return [answers];
    const text = `Redis may evict any key when memory is full (${policy}): shoppers would be logged out`;
    return [answers, poorer("redis", text, "Set maxmemory-policy to noeviction or to a volatile- policy.")];
  } catch (error) {
    const reason = reasonOf(error);
    if (/NOAUTH|WRONGPASS|NOPERM/.test(reason)) {
      return [
        blocking("redis", `Redis at ${host} refuses: ${reason}`, "Put user and password into the Redis URL; it needs +info."),
      ];
    }
    return [blocking("redis", `Redis does not answer at ${host}: ${reason}`, "Start it, correct the URL, or leave it out.")];
  } finally {
    session.close();
  }
}

/** RedisInfo is the answer to INFO: each field under its own name, as text. */
export type RedisInfo = ReadonlyMap<string, string>;

export function parseRedisInfo(text: string): RedisInfo {
  const fields = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return line.startsWith("#") || colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
  });
  return new Map(fields);
}

/** redisValues picks the figures that are read; null where this version of Redis does not tell it. */
export function redisValues(info: RedisInfo): Readonly<Record<string, number | null>> {
  const field = (name: string): number | null => numberOf(info.get(name));
  const databases = [...info].filter(([name]) => /^db\d+$/.test(name)).map(([, text]) => text);
  return {
    commands: field("total_commands_processed"),
    evicted_keys: field("evicted_keys"),
    expired_keys: field("expired_keys"),
    keys: sumOf(databases, "keys"),
    keys_with_expiry: sumOf(databases, "expires"),
    ...expiryOf(databases),
    keyspace_hits: field("keyspace_hits"),
    keyspace_misses: field("keyspace_misses"),
    used_memory_bytes: field("used_memory"),
    maximum_memory_bytes: field("maxmemory"),
    connected_clients: field("connected_clients"),
    blocked_clients: field("blocked_clients"),
    rejected_connections: field("rejected_connections"),
    // Told from 6.2 on.
    errors: field("total_error_replies"),
    cpu_ms: milliseconds(field("used_cpu_user"), field("used_cpu_sys")),
    uptime_seconds: field("uptime_in_seconds"),
    server_run: runNumber(info.get("run_id")),
  };
}

/** commandTimes reads `cmdstat_get:calls=..,usec=..` of INFO commandstats: calls and microseconds of each command. */
export function commandTimes(info: RedisInfo): readonly { command: string; calls: number; us: number }[] {
  return [...info].flatMap(([name, text]) => {
    const command = /^cmdstat_(.+)$/.exec(name)?.[1];
    const calls = part(text, "calls");
    const us = part(text, "usec");
    return command === undefined || calls === null || us === null ? [] : [{ command, calls, us }];
  });
}

/** errorCounts reads `errorstat_OOM:count=3` of INFO errorstats, which is told from 6.2 on. */
export function errorCounts(info: RedisInfo): readonly { error: string; count: number }[] {
  return [...info].flatMap(([name, text]) => {
    const error = /^errorstat_(.+)$/.exec(name)?.[1];
    const count = part(text, "count");
    return error === undefined || count === null ? [] : [{ error, count }];
  });
}

/** commandLatencies reads `latency_percentiles_usec_get:p50=1.0,p99=2.0` of INFO latencystats: since the server began, from 7.0 on. */
export function commandLatencies(info: RedisInfo): readonly { command: string; p50: number | null; p99: number | null }[] {
  return [...info].flatMap(([name, text]) => {
    const command = /^latency_percentiles_usec_(.+)$/.exec(name)?.[1];
    return command === undefined ? [] : [{ command, p50: part(text, "p50"), p99: part(text, "p99") }];
  });
}

/** RedisSession is one connection that opens itself when needed, also again after the server went away. */
interface RedisSession {
  info(section?: string): Promise<string>;
  close(): void;
}

function openRedisSession(url: string): RedisSession {
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

/**
 * expiryOf says what share of the keys will expire, and in how long on average: a session without an end is one that a crash left
 * immortal. Redis estimates the average from samples, and tells zero where it has none yet.
 */
function expiryOf(databases: readonly string[]): { expiring_key_ratio: number | null; average_ttl_ms: number | null } {
  const [keys, expires] = [sumOf(databases, "keys"), sumOf(databases, "expires")];
  const known = databases.filter((text) => (part(text, "avg_ttl") ?? 0) > 0);
  const weights = sumOf(known, "expires");
  const total = known.reduce((sum, text) => sum + (part(text, "avg_ttl") ?? 0) * (part(text, "expires") ?? 0), 0);
  return { expiring_key_ratio: keys === 0 ? null : expires / keys, average_ttl_ms: weights === 0 ? null : total / weights };
}

/** part reads one figure of a line such as `keys=12,expires=3,avg_ttl=0`. */
function part(text: string, name: string): number | null {
  return numberOf(new RegExp(`(?:^|,)${name}=([^,]+)`).exec(text)?.[1]);
}

function sumOf(databases: readonly string[], name: string): number {
  return databases.reduce((sum, text) => sum + (part(text, name) ?? 0), 0);
}

function milliseconds(user: number | null, system: number | null): number | null {
  return user === null || system === null ? null : (user + system) * 1000;
}

/** The server draws a run id of 40 hexadecimal digits at each start; twelve of them tell two runs apart and fit a number. */
function runNumber(runId: string | undefined): number | null {
  return runId === undefined || !/^[0-9a-f]{12}/.test(runId) ? null : Number.parseInt(runId.slice(0, 12), 16);
}

function numberOf(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || text === "" || !Number.isFinite(value) ? null : value;
}
