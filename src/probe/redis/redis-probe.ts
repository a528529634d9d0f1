import { Redis } from "ioredis";

import type { Probe, Reading } from "../../domain/reading.ts";
import type { Finding } from "../../domain/target/finding.ts";
import { blocking, good, poorer, reasonOf } from "../sampling/finding.ts";
import { fromZero, observe, sampleAndClose } from "../sampling/readings.ts";

const CONNECT_LIMIT_MS = 3_000;
const ANSWER_LIMIT_MS = 5_000;

/**
 * redisProbe reads INFO, which Redis answers from memory, with time and latency of each command, and errors. Both arms share the
 * server.
 */
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

/** inspectRedis checks whether Redis answers, and whether it could evict sessions. */
export async function inspectRedis(url: string): Promise<readonly Finding[]> {
  const session = openRedisSession(url);
  const { host } = new URL(url);
  try {
    const info = parseRedisInfo(await session.info());
    const policy = info.get("maxmemory_policy") ?? "unknown";
    const answers = good("redis", `Redis ${info.get("redis_version") ?? ""} answers at ${host}`);
    if (!policy.startsWith("allkeys")) return [answers];
    const text = `Redis may evict any key when its memory is full (${policy}), which logs shoppers out`;
    return [answers, poorer("redis", text, "Set maxmemory-policy to noeviction or to a volatile- policy.")];
  } catch (error) {
    const reason = reasonOf(error);
    if (/NOAUTH|WRONGPASS|NOPERM/.test(reason)) {
      return [
        blocking(
          "redis",
          `Redis at ${host} refuses the connection: ${reason}`,
          "Set user and password in the Redis URL. The user needs +info.",
        ),
      ];
    }
    return [blocking("redis", `Redis does not answer at ${host}: ${reason}`, "Start Redis, correct the URL, or remove the URL.")];
  } finally {
    session.close();
  }
}

/** RedisInfo is the answer to INFO: the text of each field by name. */
export type RedisInfo = ReadonlyMap<string, string>;

export function parseRedisInfo(text: string): RedisInfo {
  const fields = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return line.startsWith("#") || colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
  });
  return new Map(fields);
}

/** redisValues returns the used fields. Null where this version of Redis does not have a field. */
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
    // Redis 6.2 and later.
    errors: field("total_error_replies"),
    cpu_ms: milliseconds(field("used_cpu_user"), field("used_cpu_sys")),
    uptime_seconds: field("uptime_in_seconds"),
    server_run: runNumber(info.get("run_id")),
  };
}

/** commandTimes parses `cmdstat_get:calls=..,usec=..` of INFO commandstats: calls and microseconds of each command. */
export function commandTimes(info: RedisInfo): readonly { command: string; calls: number; us: number }[] {
  return [...info].flatMap(([name, text]) => {
    const command = /^cmdstat_(.+)$/.exec(name)?.[1];
    const calls = part(text, "calls");
    const us = part(text, "usec");
    return command === undefined || calls === null || us === null ? [] : [{ command, calls, us }];
  });
}

/** errorCounts parses `errorstat_OOM:count=3` of INFO errorstats, which exists from 6.2 on. */
export function errorCounts(info: RedisInfo): readonly { error: string; count: number }[] {
  return [...info].flatMap(([name, text]) => {
    const error = /^errorstat_(.+)$/.exec(name)?.[1];
    const count = part(text, "count");
    return error === undefined || count === null ? [] : [{ error, count }];
  });
}

/**
 * commandLatencies parses `latency_percentiles_usec_get:p50=1.0,p99=2.0` of INFO latencystats, which exists from 7.0 on and
 * counts since the server started.
 */
export function commandLatencies(info: RedisInfo): readonly { command: string; p50: number | null; p99: number | null }[] {
  return [...info].flatMap(([name, text]) => {
    const command = /^latency_percentiles_usec_(.+)$/.exec(name)?.[1];
    return command === undefined ? [] : [{ command, p50: part(text, "p50"), p99: part(text, "p99") }];
  });
}

/** RedisSession is one connection. It connects when needed, also again after a lost connection. */
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
      // A failed command is counted, and the next one connects again. The client must not retry on its own.
      retryStrategy: () => null,
      maxRetriesPerRequest: null,
    });
    const made: { redis: Redis; lastError: Error | null } = { redis, lastError: null };
    // The cause of a lost connection is reported as an event. The command itself fails only with "connection is closed".
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
 * expiryOf returns the share of keys with an expiry and their average time to live. A session without an expiry is one that is
 * never removed, for example after a crash. Redis estimates the average from samples and reports zero where it has no estimate.
 */
function expiryOf(databases: readonly string[]): { expiring_key_ratio: number | null; average_ttl_ms: number | null } {
  const [keys, expires] = [sumOf(databases, "keys"), sumOf(databases, "expires")];
  const known = databases.filter((text) => (part(text, "avg_ttl") ?? 0) > 0);
  const expiring = sumOf(known, "expires");
  const total = known.reduce((sum, text) => sum + (part(text, "avg_ttl") ?? 0) * (part(text, "expires") ?? 0), 0);
  return { expiring_key_ratio: keys === 0 ? null : expires / keys, average_ttl_ms: expiring === 0 ? null : total / expiring };
}

/** part parses one value of a line such as `keys=12,expires=3,avg_ttl=0`. */
function part(text: string, name: string): number | null {
  return numberOf(new RegExp(`(?:^|,)${name}=([^,]+)`).exec(text)?.[1]);
}

function sumOf(databases: readonly string[], name: string): number {
  return databases.reduce((sum, text) => sum + (part(text, name) ?? 0), 0);
}

function milliseconds(user: number | null, system: number | null): number | null {
  return user === null || system === null ? null : (user + system) * 1000;
}

/**
 * The server draws a run id of 40 hexadecimal digits at each start. Twelve of them distinguish two runs and fit into a number.
 */
function runNumber(runId: string | undefined): number | null {
  return runId === undefined || !/^[0-9a-f]{12}/.test(runId) ? null : Number.parseInt(runId.slice(0, 12), 16);
}

function numberOf(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || text === "" || !Number.isFinite(value) ? null : value;
}
