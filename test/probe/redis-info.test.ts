import { expect, test } from "vitest";

import { commandLatencies, commandTimes, errorCounts, parseRedisInfo, redisValues } from "../../src/probe/redis/redis-probe.ts";

/** Lines of Redis 7.0. Older versions lack total_error_replies. */
const INFO = [
  "# Server",
  "run_id:0000000000ff77aa0e0e3fa0b7a1c1ac3b4d9e11",
  "# Stats",
  "total_commands_processed:120",
  "evicted_keys:2",
  "expired_keys:5",
  "total_error_replies:1",
  "used_cpu_sys:1.5",
  "used_cpu_user:2.25",
  "used_memory:874080",
  "# Keyspace",
  "db0:keys=12,expires=3,avg_ttl=0",
  "db3:keys=1,expires=0,avg_ttl=0",
  "cmdstat_get:calls=7,usec=91,usec_per_call=13.00,rejected_calls=0,failed_calls=0",
  "",
].join("\r\n");

test("values have their names, and keys are summed over databases", () => {
  expect(redisValues(parseRedisInfo(INFO))).toMatchObject({
    commands: 120,
    evicted_keys: 2,
    expired_keys: 5,
    errors: 1,
    keys: 13,
    keys_with_expiry: 3,
    used_memory_bytes: 874_080,
    cpu_ms: 3750,
    server_run: 255,
  });
});

test("a field that a version does not have is null, not zero; an empty server has no keys", () => {
  expect(redisValues(parseRedisInfo("used_memory:1\r\n"))).toMatchObject({
    errors: null,
    commands: null,
    server_run: null,
    keys: 0,
  });
});

test("commands have their calls and microseconds", () => {
  expect(commandTimes(parseRedisInfo(INFO))).toEqual([{ command: "get", calls: 7, us: 91 }]);
});

/** INFO all of Redis 7.0. 6.2 has errors and no latencies, 6.0 neither. */
const INFO_7 = [
  "# Commandstats",
  "cmdstat_client|setname:calls=1,usec=5,usec_per_call=5.00,rejected_calls=0,failed_calls=0",
  "# Errorstats",
  "errorstat_OOM:count=3",
  "errorstat_NOSCRIPT:count=1",
  "# Latencystats",
  "latency_percentiles_usec_get:p50=1.003,p99=12.031,p99.9=40.191",
  "# Keyspace",
  "db0:keys=8,expires=6,avg_ttl=3000",
  "db1:keys=2,expires=2,avg_ttl=7000",
  "db2:keys=90,expires=2,avg_ttl=0",
].join("\r\n");

test("errors are counted by their code, and latencies are listed by command", () => {
  const info = parseRedisInfo(INFO_7);
  expect(errorCounts(info)).toEqual([
    { error: "OOM", count: 3 },
    { error: "NOSCRIPT", count: 1 },
  ]);
  expect(commandLatencies(info)).toEqual([{ command: "get", p50: 1.003, p99: 12.031 }]);
  expect([errorCounts(parseRedisInfo(INFO)), commandLatencies(parseRedisInfo(INFO))]).toEqual([[], []]);
});

test("the share of keys that expire is that of all databases, their time to live that of the keys of which it is known", () => {
  // 10 of 100 keys; (6 x 3000 + 2 x 7000) / 8 = 4000, because zero is not an estimate.
  expect(redisValues(parseRedisInfo(INFO_7))).toMatchObject({ expiring_key_ratio: 0.1, average_ttl_ms: 4000 });
  expect(redisValues(parseRedisInfo("used_memory:1"))).toMatchObject({ expiring_key_ratio: null, average_ttl_ms: null });
});
