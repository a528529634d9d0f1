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
