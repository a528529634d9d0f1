import { expect, test } from "vitest";

import type { Probe, Reading } from "../../src/domain/reading.ts";
import { observe } from "../../src/probe/sampling/readings.ts";
import { startSampler } from "../../src/probe/sampling/sampler.ts";

function reading(name: string): readonly Reading[] {
  return observe({ timeMs: Date.now(), arm: null, probe: "test" }, { [name]: 1 });
}

const steady: Probe = {
  name: "steady",
  everyMs: 5,
  start: () => Promise.resolve(reading("first")),
  sample: () => Promise.resolve(reading("middle")),
  stop: () => Promise.resolve(reading("last")),
};

/** collector collects readings, and waits until a given number has arrived. */
function collector() {
  const readings: Reading[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  /** Names of the probes' own readings. On a busy machine any of them may be late. */
  const names = () => readings.map(({ name }) => name).filter((name) => name !== "probe_lag_ms");
  return {
    readings,
    names,
    sink: (more: readonly Reading[]) => {
      readings.push(...more);
      for (const { count, resolve } of waiting) if (names().length >= count) resolve();
    },
    reach: (count: number) => new Promise<void>((resolve) => waiting.push({ count, resolve })),
  };
}

test("start comes before the samples and stop after them, and the record counts the readings", async () => {
  const seen = collector();
  const sampler = await startSampler([steady], { sink: seen.sink });
  await seen.reach(5);
  const records = await sampler.stop();
  expect(seen.names().at(0)).toBe("first");
  expect(seen.names().slice(1, 4)).toEqual(["middle", "middle", "middle"]);
  expect(seen.names().at(-1)).toBe("last");
  expect(records).toEqual([{ name: "steady", readings: seen.names().length, failures: 0, lastFailure: null }]);
  expect(await sampler.stop()).toEqual(records);
});

test("failures of a probe are counted, and the other probes continue", async () => {
  const seen = collector();
  let calls = 0;
  const broken: Probe = {
    ...steady,
    name: "broken",
    start: () => Promise.reject(new Error("no server")),
    sample: () => Promise.reject(new Error(`failure ${(calls += 1)}`)),
    stop: () => Promise.reject(new Error("still no server")),
  };
  const sampler = await startSampler([broken, steady], { sink: seen.sink });
  await seen.reach(6);
  const [record, other] = await sampler.stop();
  expect(record).toEqual({ name: "broken", readings: 0, failures: calls + 2, lastFailure: "still no server" });
  expect(calls).toBeGreaterThan(0);
  expect(other?.failures).toBe(0);
});

test("a slow probe has only one call at a time, skips ticks, and records its lag", async () => {
  const seen = collector();
  let open = 0;
  let most = 0;
  const slow: Probe = {
    ...steady,
    name: "slow",
    async sample() {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 30));
      open -= 1;
      return reading("middle");
    },
  };
  const sampler = await startSampler([slow], { sink: seen.sink });
  await seen.reach(4);
  await sampler.stop();
  expect(most).toBe(1);
  const lag = seen.readings.find(({ name }) => name === "probe_lag_ms");
  expect(lag?.probe).toBe("slow");
  expect(lag?.value).toBeGreaterThan(0);
});

test("a call without an answer is aborted, and the next call waits for its end", async () => {
  const seen = collector();
  let asked = 0;
  let told = 0;
  const stuck: Probe = {
    ...steady,
    name: "stuck",
    sample: (signal) => {
      asked += 1;
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          told += 1;
          // Its connection takes a moment to close.
          setTimeout(() => reject(new Error("closed")), 10);
        }),
      );
    },
  };
  const sampler = await startSampler([stuck, steady], { sink: seen.sink, sampleLimitMs: 20 });
  await seen.reach(20);
  const [record] = await sampler.stop();
  expect(record?.lastFailure).toBe("no answer within 20 ms");
  expect(record?.failures).toBe(asked);
  expect(told).toBe(asked);
});

test("the signal ends the sampling, and the last readings are still taken", async () => {
  const seen = collector();
  const abort = new AbortController();
  const sampler = await startSampler([steady], { sink: seen.sink, signal: abort.signal });
  await seen.reach(3);
  abort.abort();
  await sampler.stop();
  expect(seen.names().at(-1)).toBe("last");
});

test("stop throws the error of a sink", async () => {
  const sampler = await startSampler([steady], {
    sink: () => {
      throw new Error("disk full");
    },
  });
  await expect(sampler.stop()).rejects.toThrow("disk full");
});

test("the failure of a connection to several addresses has their reasons", async () => {
  const refused = new AggregateError(
    [new Error("connect ECONNREFUSED ::1:1"), new Error("connect ECONNREFUSED 127.0.0.1:1")],
    "",
  );
  const broken: Probe = {
    name: "broken",
    everyMs: 60_000,
    start: () => Promise.reject(refused),
    sample: () => Promise.resolve([]),
    stop: () => Promise.resolve([]),
  };
  const [record] = await (await startSampler([broken], { sink: () => {} })).stop();
  expect(record?.lastFailure).toBe("connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1");
});
