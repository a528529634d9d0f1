import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { amendManifest, readManifest } from "../../../src/bundle/run/manifest.ts";
import { createBundle } from "../../../src/bundle/run/writer.ts";
import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import type { Reading } from "../../../src/domain/reading.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { DUET_START_MS, policy, recordBundle, runEnd, runStart, startRecorded, temporaryFolder } from "../recorded-bundle.ts";

const folder = temporaryFolder();

async function read(bundle: string): Promise<Evidence> {
  return readEvidence({ kind: "together", bundles: [bundle] }, { policy, choose: () => [] });
}

const invalid = ({ validity }: Evidence) => validity.filter(({ severity }) => severity === "invalid").map(({ code }) => code);

/** Two cores: 2000 ms of CPU time a second, of which a part is stolen while `stolen` says so. */
function host(stolen: (second: number) => number): Reading[] {
  let steal = 0;
  return Array.from({ length: 10 }, (_, second) => {
    const common = { timeMs: DUET_START_MS - 1000 + second * 1000, arm: null, probe: "host", labels: {} };
    steal += stolen(second);
    return [
      { ...common, name: "cpu_total_ms", value: 2000 * second },
      { ...common, name: "cpu_steal_ms", value: steal },
      { ...common, name: "foreign_cpu_ms", value: 0 },
      { ...common, name: "loader_cpu_ms", value: 100 * second },
    ];
  }).flat();
}

test("a quiet host disturbs nothing", async () => {
  const bundle = join(folder, "quiet");
  await recordBundle(bundle, { readings: host(() => 0) });
  const evidence = await read(bundle);
  expect(evidence.validity).toEqual([]);
  expect(evidence.blocks.map(({ disturbance }) => disturbance)).toEqual([null, null, null, null]);
});

test("a block with stolen time is left out, with the figure and the limit", async () => {
  const bundle = join(folder, "stolen");
  // Seconds 4 and 5 of the readings are seconds 2 and 3 of the load: the second block.
  await recordBundle(bundle, { readings: host((second) => (second === 4 || second === 5 ? 400 : 0)) });
  const evidence = await read(bundle);
  expect(evidence.blocks.map(({ disturbance }) => disturbance !== null)).toEqual([false, true, false, false]);
  expect(evidence.blocks[1]?.disturbance).toBe("20.0 % of the CPU time were taken by other virtual machines (limit 5.0 %)");
  expect(evidence.validity.map(({ code, severity }) => [code, severity])).toEqual([["host-steal", "disturbed"]]);
  expect(evidence.timeline.excluded).toEqual([{ startMs: 2000, endMs: 4000, reason: evidence.blocks[1]?.disturbance }]);
});

test("an event that is a disturbance takes out the blocks that it touches, another event does not", async () => {
  const bundle = join(folder, "events");
  const events = [
    { timeMs: DUET_START_MS + 3500, kind: "disturbance", label: "backup", durationMs: 1000 },
    { timeMs: DUET_START_MS + 7000, kind: "restart", label: "Odoo restarted" },
  ];
  await recordBundle(bundle, { events });
  const evidence = await read(bundle);
  expect(evidence.blocks.map(({ disturbance }) => disturbance)).toEqual([null, "backup", "backup", null]);
  expect(evidence.timeline.events).toEqual([
    { atMs: 3500, kind: "disturbance", label: "backup" },
    { atMs: 7000, kind: "restart", label: "Odoo restarted" },
  ]);
});

test("samples that k6 counted and the bundle does not hold make a run invalid", async () => {
  const bundle = join(folder, "lost");
  const writer = await startRecorded(bundle);
  const lines = readFileSync(writer.paths.k6Csv, "utf8").split("\n");
  writeFileSync(writer.paths.k6Csv, lines.filter((line, index) => index < 500 || !line.startsWith("iterations,")).join("\n"));
  await writer.finish(runEnd);
  const evidence = await read(bundle);
  expect(invalid(evidence)).toEqual(["samples-lost"]);
  expect(evidence.validity[0]?.text).toMatch(/holds \d+ iterations, k6 counted 74/);
});

test.each([
  { name: "a run without k6's summary", end: {}, remove: "summary.json", want: ["summary-missing"] },
  { name: "a run that was cut short", end: { status: "aborted", statusReason: "k6 was killed" } as const, want: ["run-aborted"] },
  { name: "a run that failed", end: { status: "failed", statusReason: "k6 ended with 107" } as const, want: ["run-failed"] },
  {
    name: "a probe that read nothing",
    end: { probes: [{ name: "redis", readings: 0, failures: 9, lastFailure: "refused" }] },
    want: ["probe-missing"],
  },
])("$name is invalid", async ({ name, end, remove, want }) => {
  const bundle = join(folder, name.replaceAll(" ", "-"));
  const writer = await startRecorded(bundle);
  if (remove !== undefined) rmSync(join(writer.paths.k6Folder, remove));
  await writer.finish({ ...runEnd, ...end });
  expect(invalid(await read(bundle))).toEqual(want);
});

test("a probe that the target has no end point for is said and not held against the run", async () => {
  const bundle = join(folder, "not-configured");
  const probes = [{ name: "redis", readings: 0, failures: 0, lastFailure: "not configured: no redisUrl" }];
  await recordBundle(bundle, { end: { probes } });
  const evidence = await read(bundle);
  expect(invalid(evidence)).toEqual([]);
  expect(evidence.validity.map(({ code }) => code)).toContain("probe-absent");
});

test("a bundle of a harness that was killed can be read, and is invalid", async () => {
  const bundle = join(folder, "killed");
  const { paths } = await startRecorded(bundle);
  const csv = readFileSync(paths.k6Csv, "utf8");
  writeFileSync(paths.k6Csv, csv.slice(0, csv.length / 2));
  writeFileSync(paths.readingsPart, `${JSON.stringify(host(() => 0)[0])}\n{"timeMs":17,"ar`);
  const evidence = await read(bundle);
  expect(invalid(evidence)).toEqual(["run-aborted"]);
  expect(evidence.blocks.length).toBeGreaterThan(0);
  expect(evidence.timeline.series.length).toBeGreaterThan(0);
  expect(evidence.inputs.map(({ path }) => path)).toContain("killed/k6/samples.csv");
});

test("a bundle without anything but its manifest can be read, and is invalid", async () => {
  const bundle = join(folder, "bare");
  await createBundle(bundle, runStart);
  const evidence = await read(bundle);
  expect(invalid(evidence)).toEqual(["run-aborted"]);
  expect(evidence.blocks).toEqual([]);
});

test.each([
  { name: "a newer schema", text: '{"schemaVersion": 2}', want: /schemaVersion 2 is newer/ },
  { name: "a cut file", text: '{"schemaVersion": 1, "runI', want: /run\.json is not JSON/ },
  { name: "a field that is missing", text: '{"schemaVersion": 1}', want: /run\.json: runId: / },
])("a manifest with $name is a fault of usage with a remedy", async ({ name, text, want }) => {
  const bundle = join(folder, `manifest-${name.replaceAll(" ", "-")}`);
  await recordBundle(bundle);
  writeFileSync(join(bundle, "run.json"), text);
  const failed = readManifest(bundle);
  await expect(failed).rejects.toThrow(want);
  await expect(failed).rejects.toMatchObject({ code: "usage", hint: expect.stringMatching(/\w{4}/) });
});

test("invariants of the manifest are part of the evidence", async () => {
  const bundle = join(folder, "invariants");
  await recordBundle(bundle);
  const broken = {
    id: "x",
    arm: "candidate",
    label: "x",
    status: "broken",
    checked: 2,
    violations: 1,
    examples: ["S1"],
  } as const;
  await amendManifest(bundle, { invariants: [broken] });
  expect((await read(bundle)).invariants).toEqual([broken]);
});
