import { expect, test } from "vitest";

import { parseMemoryLimit, parseProcessIo, type ProcessStat, readMemoryLimit, readProcessIo } from "../../src/probe/host/proc.ts";
import { odooProcesses } from "../../src/probe/host/stack-cpu.ts";

function stat(pid: number, parent: number, own: Partial<ProcessStat> = {}): ProcessStat {
  return { pid, parent, name: "odoo", ownMs: 0, endedChildrenMs: 0, startTicks: pid, rssPages: 10, sizeBytes: 0, ...own };
}

const master = stat(10, 1);

test("replacement workers are counted, their short-lived helpers are not", () => {
  const read = odooProcesses([10], { io: () => 0 });
  const starts = (...tree: ProcessStat[]) => read([master, ...tree])["odoo_worker_starts"];
  expect(starts(stat(11, 10), stat(12, 10))).toBe(0);
  // A report is printed: at first its process has the name of its parent.
  expect(starts(stat(11, 10), stat(12, 10), stat(13, 10))).toBe(0);
  expect(starts(stat(11, 10), stat(12, 10), stat(13, 10, { name: "wkhtmltopdf" }))).toBe(0);
  expect(starts(stat(11, 10), stat(14, 10), stat(15, 14))).toBe(0);
  expect(starts(stat(11, 10), stat(14, 10), stat(15, 14))).toBe(1);
  // The pid was reused by another process.
  expect(starts(stat(11, 10, { startTicks: 900 }), stat(14, 10))).toBe(1);
  expect(starts(stat(11, 10, { startTicks: 900 }), stat(14, 10))).toBe(2);
});

test("an ended master does not count, even where another process has its pid", () => {
  const read = odooProcesses([10], { io: () => 0 });
  expect(read([master])["odoo_masters"]).toBe(1);
  expect(read([])["odoo_masters"]).toBe(0);
  expect(read([stat(10, 1, { startTicks: 77 })])["odoo_masters"]).toBe(0);
});

test("disk traffic counts from the first reading, all traffic of new processes counts, and the sum never falls", () => {
  const bytes = new Map([
    [10, 1000],
    [11, 500],
  ]);
  const read = odooProcesses([10], { io: (pid) => bytes.get(pid) ?? null });
  expect(read([master, stat(11, 10)])["odoo_io_bytes"]).toBe(0);
  bytes.set(10, 1300).set(12, 70);
  expect(read([master, stat(12, 10)])["odoo_io_bytes"]).toBe(370);
  bytes.clear();
  expect(read([master])["odoo_io_bytes"]).toBeNull();
});

test("the bytes of a process are its disk reads and writes", () => {
  const text = "rchar: 9\nwchar: 9\nsyscr: 1\nsyscw: 1\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 4096\n";
  expect(parseProcessIo(text)).toBe(12_288);
  expect(parseProcessIo("")).toBeNull();
  expect(readProcessIo(process.pid, "/nonexistent")).toBeNull();
});

test("workers are counted from their second reading on, with the size of the largest and the memory limit", () => {
  const read = odooProcesses([10], { io: () => 0, memoryLimit: (pid) => (pid === 11 ? 2_684_354_560 : null) });
  const worker = stat(11, 10, { sizeBytes: 700e6 });
  const other = stat(12, 10, { sizeBytes: 900e6 });
  const huge = stat(10, 1, { sizeBytes: 5e9 });
  expect(read([huge, worker, other])).toMatchObject({
    odoo_workers: 2,
    odoo_largest_worker_bytes: 900e6,
    odoo_memory_limit_bytes: 2_684_354_560,
  });
  expect(read([huge, worker, stat(13, 10, { sizeBytes: 4e9 })])).toMatchObject({
    odoo_workers: 1,
    odoo_largest_worker_bytes: 700e6,
  });
  expect(read([huge])).toMatchObject({ odoo_workers: 0, odoo_largest_worker_bytes: null, odoo_memory_limit_bytes: null });
});

test("the memory limit is the soft limit, or null", () => {
  const limits = (soft: string) =>
    "Limit                     Soft Limit           Hard Limit           Units     \n" +
    `Max cpu time              60                   unlimited            seconds   \nMax address space         ${soft} bytes     \n`;
  expect(parseMemoryLimit(limits("2684354560           unlimited           "))).toBe(2_684_354_560);
  expect(parseMemoryLimit(limits("unlimited            unlimited           "))).toBeNull();
  expect(readMemoryLimit(process.pid, "/nonexistent")).toBeNull();
});
