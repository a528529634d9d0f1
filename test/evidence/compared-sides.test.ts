import { join } from "node:path";

import { expect, test } from "vitest";

import type { Indicator } from "../../src/domain/judgement/indicator.ts";
import { readEvidence } from "../../src/evidence/evidence.ts";
import { DUET_LOAD_MS, policy, recordBundle, temporaryFolder } from "./recorded-bundle.ts";

const folder = temporaryFolder();

const indicator: Indicator = {
  id: "checkout.latency-p50",
  quantity: "latency-p50",
  label: "checkout: latency p50",
  unit: "ms",
  better: "lower",
  service: "checkout",
  layer: "odoo",
  kind: "latency",
  margin: { relative: 0.05, absolute: 1 },
  gate: true,
  minimumCount: 1,
  source: { kind: "quantile", metric: "peakproof_transaction", scenario: "checkout", step: null, quantile: 0.5 },
};

async function runs(arm: "baseline" | "candidate", ids: readonly string[], workloadHash = "same"): Promise<string[]> {
  const bundles: string[] = [];
  for (const runId of ids) {
    const bundle = join(folder, runId);
    await recordBundle(bundle, { start: { runId, arms: [arm], schedule: { kind: "sequential", arm }, workloadHash } });
    bundles.push(bundle);
  }
  return bundles;
}

const baseline = await runs("baseline", ["b1", "b2", "b3", "b4"]);
const candidate = await runs("candidate", ["c1", "c2", "c3"]);
const choose = () => [indicator];
const codes = (evidence: { validity: readonly { code: string }[] }) => evidence.validity.map(({ code }) => code);

test("one run each: blocks of the same time since the start, and a word that the noise between runs is unknown", async () => {
  const compared = { kind: "sides", baseline: baseline.slice(0, 1), candidate: candidate.slice(0, 1) } as const;
  const evidence = await readEvidence(compared, { policy, choose });
  expect(evidence.blocks).toHaveLength(4);
  expect(evidence.loadMs).toBe(DUET_LOAD_MS);
  expect(codes(evidence)).toEqual(["one-run-each", "host-unknown"]);
  // Both bundles hold the same recording, and all of it counts for the arm for which it was named.
  expect(evidence.series[0]?.blocks.baseline).toEqual(evidence.series[0]?.blocks.candidate);
});

test("three pairs of runs: each pair is a block, and a run without a partner is left out aloud", async () => {
  const evidence = await readEvidence({ kind: "sides", baseline, candidate }, { policy, choose });
  expect(evidence.blocks).toHaveLength(3);
  expect(evidence.loadMs).toBe(3 * DUET_LOAD_MS);
  expect(evidence.validity.find(({ code }) => code === "runs-unpaired")?.text).toContain("b4");
  const values = evidence.series[0]?.blocks.baseline.map((entry) => (entry.kind === "values" ? entry.values.length : 0));
  expect(new Set(values).size).toBe(1);
  expect(values?.[0]).toBeGreaterThan(20);
});

test("runs of different workloads cannot be compared", async () => {
  const [other = ""] = await runs("candidate", ["c-other"], "another");
  const evidence = await readEvidence({ kind: "sides", baseline: baseline.slice(0, 1), candidate: [other] }, { policy, choose });
  expect(evidence.validity.find(({ code }) => code === "workload-differs")?.severity).toBe("invalid");
});

test.each([
  {
    name: "a run on both sides",
    compared: () => ({ kind: "sides", baseline, candidate: baseline.slice(0, 1) }) as const,
    want: /is the same run as/,
  },
  { name: "one side only", compared: () => ({ kind: "sides", baseline, candidate: [] }) as const, want: /nothing to compare/ },
  {
    name: "a run of one arm by itself",
    compared: () => ({ kind: "together", bundles: baseline.slice(0, 1) }) as const,
    want: /holds the baseline arm alone/,
  },
  {
    name: "a folder that is no bundle",
    compared: () => ({ kind: "together", bundles: [folder] }) as const,
    want: /is not a run bundle/,
  },
])("$name is refused", async ({ compared, want }) => {
  await expect(readEvidence(compared(), { policy, choose })).rejects.toThrow(want);
});

test("a run of two arms cannot stand for one side", async () => {
  const bundle = join(folder, "two-arms");
  await recordBundle(bundle);
  const compared = { kind: "sides", baseline: [bundle], candidate: candidate.slice(0, 1) } as const;
  await expect(readEvidence(compared, { policy, choose })).rejects.toThrow("holds both arms");
});
