import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { amendManifest, readManifest } from "../../../src/bundle/run/manifest.ts";
import { createBundle } from "../../../src/bundle/run/writer.ts";
import { DUET_START_MS, recordBundle, runEnd, runStart, startRecorded, temporaryFolder } from "../../evidence/recorded-bundle.ts";

const folder = temporaryFolder();

test("a run that ended leaves Parquet files, and counts equal to those of k6's own summary", async () => {
  const bundle = join(folder, "whole");
  const manifest = await recordBundle(bundle);
  expect(manifest.status).toBe("complete");
  expect(manifest.counts).toMatchObject({ iterations: 74, httpRequests: 149, dropped: 0 });
  expect(manifest.counts.summary).toEqual({ iterations: 74, httpRequests: 149, dropped: 0 });
  expect(existsSync(join(bundle, "samples.parquet"))).toBe(true);
  expect(existsSync(join(bundle, "readings.parquet"))).toBe(true);
  expect(existsSync(join(bundle, "readings.ndjson.part"))).toBe(false);
  expect(await readManifest(bundle)).toEqual(manifest);
});

test("volumes say what became of the plan, in business units", async () => {
  const { volumes } = await recordBundle(join(folder, "volumes"), {
    end: { planned: [{ scenario: "checkout", planned: 50 }] },
  });
  const [checkout, orders] = volumes;
  expect(checkout).toMatchObject({ service: "checkout", unit: "checkout", planned: 50, dropped: 0 });
  expect((checkout?.achieved ?? 0) + (checkout?.failed ?? 0)).toBe(40);
  expect(checkout?.failed).toBeGreaterThan(0);
  expect(checkout?.interrupted).toBe(10);
  expect(orders).toMatchObject({ service: "order-import", unit: "order", planned: null, interrupted: 0 });
});

test("a harness that is killed leaves a bundle that says so", async () => {
  const bundle = join(folder, "killed");
  const writer = await createBundle(bundle, runStart);
  writer.appendReadings([{ timeMs: 1, arm: null, probe: "host", name: "cpu_busy_ms", labels: {}, value: 1 }]);
  const manifest = await readManifest(bundle);
  expect(manifest).toMatchObject({ status: "aborted", statusReason: "the run did not end" });
  expect(readFileSync(writer.paths.readingsPart, "utf8")).toContain('"cpu_busy_ms"');
});

test("a k6 that was killed in mid-line is read up to there, and its CSV stays as it is", async () => {
  const bundle = join(folder, "cut");
  const writer = await startRecorded(bundle);
  const csv = readFileSync(writer.paths.k6Csv, "utf8");
  const cut = csv.slice(0, csv.indexOf("peakproof_transaction", csv.length / 2) + 40);
  writeFileSync(writer.paths.k6Csv, cut);
  const { counts } = await writer.finish({ ...runEnd, status: "aborted", statusReason: "k6 was killed" });
  const whole = cut.split("\n").slice(1, -1);
  expect(counts.iterations).toBe(whole.filter((line) => line.startsWith("iterations,")).length);
  expect(counts.httpRequests).toBe(whole.filter((line) => line.startsWith("http_reqs,")).length);
  expect(readFileSync(writer.paths.k6Csv, "utf8")).toBe(cut);
});

test("a k6 that never started leaves an empty bundle", async () => {
  const writer = await createBundle(join(folder, "never"), runStart);
  const { counts, volumes } = await writer.finish({ ...runEnd, status: "failed", statusReason: "k6 did not start" });
  expect(counts).toEqual({ samples: 0, readings: 0, iterations: 0, httpRequests: 0, dropped: 0, summary: null });
  expect(volumes.map(({ achieved }) => achieved)).toEqual([0, 0]);
});

test("the load begins with the first arrival, and not with k6's set-up", async () => {
  const writer = await startRecorded(join(folder, "begin"));
  const { loadStartMs } = await writer.finish((firstStartMs) => ({ ...runEnd, loadStartMs: firstStartMs ?? 0 }));
  expect(Math.abs(loadStartMs - DUET_START_MS)).toBeLessThan(2);
});

test("invariants that are checked after the load are added to the manifest", async () => {
  const bundle = join(folder, "amended");
  await recordBundle(bundle);
  const result = { id: "x", arm: "baseline", label: "x", status: "intact", checked: 1, violations: 0, examples: [] } as const;
  await amendManifest(bundle, { invariants: [result] });
  expect((await readManifest(bundle)).invariants).toEqual([result]);
});

test("a bundle is never overwritten", async () => {
  const bundle = join(folder, "twice");
  await recordBundle(bundle);
  await expect(createBundle(bundle, runStart)).rejects.toThrow("already holds a run bundle");
});
