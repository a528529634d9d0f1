import { join } from "node:path";

import { expect, test } from "vitest";

import { ARMS } from "../../../src/domain/arm.ts";
import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import type { Reading } from "../../../src/domain/reading.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { policy, recordBundle, temporaryFolder } from "../recorded-bundle.ts";
import { everySecond } from "../recorded-readings.ts";

const folder = temporaryFolder();
let bundles = 0;

async function evidenceOf(readings: readonly Reading[]): Promise<Evidence> {
  const bundle = join(folder, `bundle-${(bundles += 1)}`);
  await recordBundle(bundle, { readings });
  return readEvidence({ kind: "together", bundles: [bundle] }, { policy, choose: () => [] });
}

const leftOut = ({ blocks }: Evidence) => blocks.flatMap(({ index, disturbance }) => (disturbance === null ? [] : [index]));
const kinds = ({ timeline }: Evidence) => timeline.events.map(({ kind }) => kind);
const codes = ({ validity }: Evidence) => validity.map(({ code }) => code).filter((code) => code !== "host-unknown");

/** pressure adds up waits of so many microseconds in each second of the load. */
function pressure(name: string, waits: (second: number) => number): Reading[] {
  let sum = 0;
  return everySecond(name, (second) => (sum += waits(second)), { probe: "host" });
}

/** In the third block, seconds 4 and 5, tasks wait for half of the time. */
const burst = (usual: number) => (second: number) => (second === 5 || second === 6 ? 500_000 : usual);

/** Disk traffic of each arm; the candidate reads `more` bytes more in a second. */
function traffic(more: number): Reading[] {
  return ARMS.flatMap((arm) => [
    ...everySecond("odoo_io_bytes", (second) => (second + 2) * (1e6 + (arm === "candidate" ? more : 0)), { arm, probe: "host" }),
    ...["wal_bytes_total", "temp_bytes", "blocks_read"].flatMap((name) => everySecond(name, () => 0, { arm })),
  ]);
}

test("a disk that is busy for somebody else takes the block out", async () => {
  const evidence = await evidenceOf([...pressure("psi_io_some_us", burst(10_000)), ...traffic(0)]);
  expect(leftOut(evidence)).toEqual([2]);
  expect(evidence.blocks[2]?.disturbance).toBe("pressure on the disk: tasks waited 50 % of the time (limit 21 %)");
  expect(kinds(evidence)).toEqual(["io-pressure"]);
  expect(codes(evidence)).toEqual(["io-pressure"]);
});

test("a disk that the candidate keeps busy leaves the block in, and the fact names it", async () => {
  const evidence = await evidenceOf([...pressure("psi_io_some_us", burst(10_000)), ...traffic(50e6)]);
  expect(leftOut(evidence)).toEqual([]);
  expect(kinds(evidence)).toEqual(["io-pressure"]);
  expect(codes(evidence)).toEqual(["candidate-events"]);
});

test("where nobody knows whose traffic it was the block stays in", async () => {
  const evidence = await evidenceOf(pressure("psi_io_some_us", burst(10_000)));
  expect(leftOut(evidence)).toEqual([]);
  expect(kinds(evidence)).toEqual(["io-pressure"]);
  expect(codes(evidence)).toEqual([]);
});

test("a disk on which every commit waits is that machine's usual", async () => {
  const evidence = await evidenceOf([...pressure("psi_io_some_us", () => 450_000), ...traffic(0)]);
  expect(kinds(evidence)).toEqual([]);
});

test.each([
  { name: "as much memory as the baseline", pages: 100_000, want: [2], code: "memory-pressure" },
  { name: "far more memory than the baseline", pages: 300_000, want: [], code: "candidate-events" },
])("memory runs out, and the candidate has $name", async ({ pages, want, code }) => {
  const memory = [
    ...everySecond("odoo_rss_pages", () => 100_000, { arm: "baseline", probe: "host" }),
    ...everySecond("odoo_rss_pages", () => pages, { arm: "candidate", probe: "host" }),
  ];
  const evidence = await evidenceOf([...pressure("psi_memory_some_us", burst(0)), ...memory]);
  expect(leftOut(evidence)).toEqual(want);
  expect(codes(evidence)).toEqual([code]);
});
