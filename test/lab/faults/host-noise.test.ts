import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { startHostNoise } from "../../../src/lab/faults/catalogue.ts";

/** Pids of the processes that run one busy loop, and of their parents. */
function busyProcesses(): readonly { pid: number; parent: number }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/cmdline`, "utf8").includes("const spin=()=>")) return [];
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) }];
      } catch {
        return [];
      }
    });
}

test("busy processes are not children of this process, and none is left behind", async () => {
  const before = new Set(busyProcesses().map(({ pid }) => pid));
  const own = () => busyProcesses().filter(({ pid }) => !before.has(pid));
  const noise = startHostNoise({ random: () => 0.99, most: 2 });
  try {
    await expect.poll(() => own().filter(({ parent }) => parent !== process.pid).length, { timeout: 10_000 }).toBe(2);
    expect(noise.started()).toBe(2);
  } finally {
    await noise.stop();
  }
  expect(own()).toEqual([]);
});
