import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll } from "vitest";

import type { BundleEvent } from "../../src/bundle/run/events.ts";
import { type BundleWriter, createBundle, type RunEnd, type RunStart } from "../../src/bundle/run/writer.ts";
import type { Policy } from "../../src/domain/judgement/policy.ts";
import type { RunManifest } from "../../src/domain/load/run.ts";
import type { Reading } from "../../src/domain/reading.ts";

/** fixture names a file that k6 wrote; fixtures/imports says with which script. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/imports/${name}`, import.meta.url));
}

/** temporaryFolder is gone when the tests of the file are through. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "peakproof-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The first arrival of fixtures/imports/duet.csv; the run has two scenarios, 300 and 240 per minute, and lasts 8 s. */
export const DUET_START_MS = 1_795_263_948_772;
export const DUET_LOAD_MS = 8000;

export const runStart: RunStart = {
  runId: "run-1",
  target: "shop",
  arms: ["baseline", "candidate"],
  schedule: { kind: "duet" },
  releases: { baseline: { label: "1.0", identity: {} }, candidate: { label: "1.1", identity: { addons: "abc" } } },
  workload: null,
  workloadHash: "same",
  k6Version: "2.2.0",
  seed: 7,
  loadStartMs: DUET_START_MS,
  warmupMs: 0,
  settings: {},
};

export const runEnd: RunEnd = {
  status: "complete",
  statusReason: null,
  loadEndMs: DUET_START_MS + DUET_LOAD_MS,
  probes: [],
  invariants: [],
  planned: [
    { scenario: "checkout", planned: 40 },
    { scenario: "order-import", planned: 32 },
  ],
};

export const policy: Policy = {
  alpha: 0.01,
  equivalenceAlpha: 0.05,
  resamples: 100,
  minimumBlocks: 4,
  blockMs: 2000,
  minimumAchievedRatio: 0.95,
  maximumStealRatio: 0.05,
  maximumForeignCpuRatio: 0.1,
  maximumLoaderCpuRatio: 0.4,
  indicators: {},
};

/** startRecorded begins a bundle whose k6 has written what was recorded. */
export async function startRecorded(folder: string, start: Partial<RunStart> = {}): Promise<BundleWriter> {
  const writer = await createBundle(folder, { ...runStart, ...start });
  copyFileSync(fixture("duet.csv"), writer.paths.k6Csv);
  copyFileSync(fixture("duet-summary.json"), writer.paths.k6Summary);
  return writer;
}

/** recordBundle makes a whole bundle of the recorded run. */
export async function recordBundle(
  folder: string,
  with_: {
    readings?: readonly Reading[];
    events?: readonly BundleEvent[];
    start?: Partial<RunStart>;
    end?: Partial<RunEnd>;
  } = {},
): Promise<RunManifest> {
  const writer = await startRecorded(folder, with_.start);
  writer.appendReadings(with_.readings ?? []);
  for (const event of with_.events ?? []) writer.appendEvent(event);
  return writer.finish({ ...runEnd, ...with_.end });
}
