import { expect, test } from "vitest";

import type { Target } from "../../src/domain/target/target.ts";
import {
  parseCpuTimes,
  parsePressure,
  parseProcessStat,
  type ProcessStat,
  processTree,
  readProcessTable,
  treeCpuMs,
} from "../../src/probe/host/proc.ts";
import { backendCpu, stackCpu } from "../../src/probe/host/stack-cpu.ts";
import { armEndpoint } from "./arm-endpoint.ts";

test("busy time excludes idle, waiting and stolen time", () => {
  // user nice system idle iowait irq softirq steal guest guest_nice, in 1/100 s
  expect(parseCpuTimes("cpu  100 1 50 1000 20 3 4 7 40 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n")).toEqual({
    busyMs: 1580,
    stealMs: 70,
    totalMs: 11_850,
  });
});

test("a process name may contain spaces and parentheses", () => {
  const fields = "S 7 5 5 0 -1 4194304 11 0 0 0 120 30 400 5 20 0 1 0 149643 3133440 388 0";
  expect(parseProcessStat(`42 (odoo) (worker 1)) ${fields}`)).toEqual({
    pid: 42,
    name: "odoo) (worker 1)",
    parent: 7,
    ownMs: 1500,
    endedChildrenMs: 4050,
    startTicks: 149_643,
    rssPages: 388,
    sizeBytes: 3_133_440,
  });
});

test("text other than a stat file gives no process", () => {
  expect(parseProcessStat("")).toBeNull();
  expect(parseProcessStat("12 (a")).toBeNull();
});

test("pressure is the total of the line `some`", () => {
  const text = "some avg10=3.11 avg60=0.76 avg300=1.65 total=57591010\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=5\n";
  expect(parsePressure(text)).toBe(57_591_010);
  expect(parsePressure("nothing")).toBeNull();
});

test("this process is found among those of the machine, under its parent", () => {
  const table = readProcessTable();
  expect(table.get(process.pid)?.parent).toBe(process.ppid);
  expect(processTree(table, [process.ppid]).map(({ pid }) => pid)).toContain(process.pid);
});

function stat(pid: number, parent: number, own: Partial<ProcessStat> = {}): ProcessStat {
  return { pid, parent, name: "python3", ownMs: 0, endedChildrenMs: 0, startTicks: pid, rssPages: 10, sizeBytes: 0, ...own };
}

function tableOf(...stats: ProcessStat[]) {
  return new Map(stats.map((one) => [one.pid, one]));
}

test("a replaced worker does not reduce the time of its tree", () => {
  const before = tableOf(stat(1, 0), stat(10, 1, { ownMs: 100 }), stat(11, 10, { ownMs: 400 }), stat(12, 10, { ownMs: 50 }));
  const after = tableOf(stat(1, 0), stat(10, 1, { ownMs: 100, endedChildrenMs: 430 }), stat(12, 10, { ownMs: 60 }), stat(13, 10));
  expect(treeCpuMs(processTree(before, [10]))).toBe(550);
  expect(treeCpuMs(processTree(after, [10]))).toBe(590);
});

test("trees that overlap count each process once", () => {
  const table = tableOf(stat(10, 1, { ownMs: 5 }), stat(11, 10, { ownMs: 7 }));
  expect(treeCpuMs(processTree(table, [10, 11, 11, 99]))).toBe(12);
});

test("backends count from the first reading on, new ones with all of their time, and other programs never", () => {
  const backend = { name: "postgres" };
  const cpu = backendCpu();
  cpu.add(
    tableOf(stat(5, 1, { ...backend, ownMs: 900 }), stat(6, 1, { ownMs: 70 })),
    new Map([
      [5, "baseline"],
      [6, "baseline"],
    ]),
  );
  expect(cpu.ms("baseline")).toBe(0);
  const next = tableOf(stat(5, 1, { ...backend, ownMs: 950 }), stat(6, 1, { ownMs: 170 }), stat(7, 1, { ...backend, ownMs: 20 }));
  cpu.add(
    next,
    new Map([
      [5, "baseline"],
      [6, "baseline"],
      [7, "baseline"],
    ]),
  );
  expect(cpu.ms("baseline")).toBe(70);
  // The pid was reused by another process, so all of its time counts.
  cpu.add(tableOf(stat(5, 1, { ...backend, ownMs: 30, startTicks: 999 })), new Map([[5, "baseline"]]));
  expect(cpu.ms("baseline")).toBe(100);
  expect(cpu.ms("candidate")).toBe(0);
});

const target: Target = {
  name: "t",
  arms: {
    baseline: armEndpoint({ odooPids: [10] }),
    candidate: armEndpoint({ odooPids: [20] }),
  },
  redisUrl: null,
  traefikMetricsUrl: null,
};

function look(busyMs: number, times: { odoo: number; postgres: number; loader: number; redis: number; other: number }) {
  const table = tableOf(
    stat(10, 1, { ownMs: times.odoo }),
    stat(20, 1),
    stat(30, 1, { name: "postgres" }),
    stat(31, 30, { name: "postgres", ownMs: times.postgres }),
    stat(40, 1, { name: "k6", ownMs: times.loader }),
    stat(50, 1, { name: "redis-server", ownMs: times.redis }),
    stat(60, 1, { ownMs: times.other }),
  );
  return { timeMs: 1, table, backends: new Map([[31, "candidate" as const]]), busyMs };
}

test("the time that no part of the stack has used is foreign, and never falls", () => {
  const read = stackCpu(target, { loaderPid: () => 40, otherPids: { redis: 50 } });
  const nothing = { odoo: 0, postgres: 0, loader: 0, redis: 0, other: 0 };
  read(look(5000, nothing));
  const used = { odoo: 300, postgres: 200, loader: 100, redis: 50, other: 340 };
  const value = (readings: ReturnType<typeof read>, name: string, arm: string | null = null) =>
    readings.find((reading) => reading.name === name && reading.arm === arm)?.value;
  const second = read(look(6000, used));
  expect(value(second, "foreign_cpu_ms")).toBe(350);
  expect(value(second, "odoo_cpu_ms", "baseline")).toBe(300);
  expect(value(second, "odoo_cpu_ms", "candidate")).toBe(0);
  expect(value(second, "postgres_cpu_ms", "candidate")).toBe(200);
  expect(value(second, "loader_cpu_ms")).toBe(100);
  expect(value(second, "process_cpu_ms")).toBe(50);
  // The two clocks of the kernel differ by a tick or two.
  expect(value(read(look(6010, { ...used, odoo: 330 })), "foreign_cpu_ms")).toBe(350);
});
