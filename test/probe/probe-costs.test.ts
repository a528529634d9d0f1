import { expect, test } from "vitest";

import type { Probe, Reading } from "../../src/domain/reading.ts";
import { describeCost, measureProbeCosts } from "../../src/probe/probe-costs.ts";
import { observe } from "../../src/probe/sampling/readings.ts";

/** A server, and a clock that only the readings of a probe advance. */
function bench() {
  const server = { workMs: 100, clockMs: 0, asked: [] as string[] };
  const probe = (name: string, own: { wallMs: readonly number[]; serverMs: number }): Probe => {
    let number = 0;
    const readings: readonly Reading[] = observe({ timeMs: 0, arm: null, probe: name }, { one: 1, two: 2 });
    return {
      name,
      everyMs: 1000,
      start: () => Promise.resolve([]),
      sample() {
        server.asked.push(name);
        server.clockMs += own.wallMs[number] ?? 0;
        server.workMs += own.serverMs;
        number += 1;
        return Promise.resolve(readings);
      },
      stop() {
        server.asked.push(`${name} stopped`);
        return Promise.resolve([]);
      },
    };
  };
  const postgresMs = () => Promise.resolve(server.workMs);
  return { server, probe, options: { samples: 5, postgresMs, clockMs: () => server.clockMs } };
}

test("a reading costs its median time and the mean of the server's work", async () => {
  const { server, probe, options } = bench();
  const costs = await measureProbeCosts([probe("a", { wallMs: [9, 3, 4, 90, 5], serverMs: 7 })], options);
  expect(costs).toEqual([{ name: "a", everyMs: 1000, readings: 2, wallMs: 5, slowestMs: 90, postgresMs: 7 }]);
  expect(server.asked).toEqual(["a", "a", "a", "a", "a", "a stopped"]);
});

test("probes are measured one after another", async () => {
  const { server, probe, options } = bench();
  const costs = await measureProbeCosts(
    [probe("a", { wallMs: [1, 1, 1, 1, 1], serverMs: 0 }), probe("b", { wallMs: [2, 2, 2, 2, 2], serverMs: 30 })],
    options,
  );
  expect(costs.map((cost) => ("failure" in cost ? null : [cost.wallMs, cost.postgresMs]))).toEqual([
    [1, 0],
    [2, 30],
  ]);
  expect(server.asked.indexOf("a stopped")).toBeLessThan(server.asked.indexOf("b"));
});

test("a probe that fails is reported and stopped, and the others are measured", async () => {
  const { server, probe, options } = bench();
  const broken: Probe = {
    ...probe("broken", { wallMs: [], serverMs: 0 }),
    start: () => Promise.reject(new Error("no such table")),
  };
  const costs = await measureProbeCosts([broken, probe("b", { wallMs: [1, 1, 1, 1, 1], serverMs: 0 })], options);
  expect(costs[0]).toEqual({ name: "broken", failure: "no such table" });
  expect(costs[1]).toMatchObject({ name: "b", wallMs: 1 });
  expect(server.asked[0]).toBe("broken stopped");
});

test("a cost that the server does not show is null, not zero", async () => {
  const { probe, options } = bench();
  const silent = { ...options, postgresMs: () => Promise.resolve(null) };
  const [cost] = await measureProbeCosts([probe("a", { wallMs: [1, 1, 1, 1, 1], serverMs: 3 })], silent);
  expect(cost).toMatchObject({ postgresMs: null });
});

test.each([
  { postgresMs: 9.9, ok: true },
  { postgresMs: 10.1, ok: false },
])("more than a hundredth of a core is reported: $postgresMs ms every second", ({ postgresMs, ok }) => {
  const cost = { name: "postgres", everyMs: 1000, readings: 40, wallMs: 12.34, slowestMs: 20, postgresMs };
  const finding = describeCost(cost);
  expect(finding).toMatchObject({ name: "cost-postgres", ok });
  expect(finding.text).toContain("40 readings in 12.3 ms (slowest 20.0 ms)");
  expect(finding.text).toContain(`${(postgresMs / 10).toFixed(2)} % of a core`);
  expect(finding.needed && !finding.ok).toBe(false);
});
