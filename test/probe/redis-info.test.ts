import { expect, test } from "vitest";
import { commandTimes, parseRedisInfo, redisValues } from "../../src/probe/redis/redis-info.ts";

/** Lines of Redis 7.0; older ones lack total_error_replies. */
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

test("figures have their names, keys are summed over databases", () => {
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

test("what a version does not tell is null, not zero; an empty server has no keys", () => {
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
