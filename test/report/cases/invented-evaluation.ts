import { ARMS } from "../../../src/domain/arm.ts";
import type { Evaluation } from "../../../src/domain/judgement/evaluation.ts";
import type { InvariantResult } from "../../../src/domain/load/run.ts";
import { inventChanges, SCENARIOS } from "./invented-changes.ts";
import { inventTimeline } from "./invented-timeline.ts";

const RULES = [
  ["import-exactly-once", "every imported reference is exactly one confirmed order", 1284],
  ["order-totals", "order totals equal what was sent", 1284],
  ["checkout-is-sale", "every checkout order ended as a sale", 412],
  ["batch-done", "every picking wave is done", 24],
  ["stock-balance", "stock on hand equals the sum of its moves", 500],
] as const;

function inventInvariants(): readonly InvariantResult[] {
  return RULES.flatMap(([id, label, records]) =>
    ARMS.map((arm) => ({ id, arm, label, status: "intact" as const, checked: records / 2, violations: 0, examples: [] })),
  );
}

/** inventPass is a complete evaluation of a good release: 1.1 against 1.0, four minutes of load on a quiet machine. */
export function inventPass(): Evaluation {
  const changes = inventChanges();
  const gates = changes.filter(({ gate }) => gate).length;
  return {
    schemaVersion: 1,
    verdict: "pass",
    confidence: 0.986,
    summary: `1.1 does the same work as 1.0 at the same speed: all ${gates} gates are inside their margins.`,
    reasons: [{ kind: "gate", text: `all ${gates} gates are equivalent`, indicator: null }],
    next: ["Release 1.1; keep the post-deploy window open for the first 15 minutes of trading."],
    runIds: ["2026-11-21-retail-1.1"],
    releases: {
      baseline: { label: "1.0", identity: { odoo: "14.0", addons: "sha256:51d0c6a2f6b1", modules: "retail_pricing 14.0.1.0.0" } },
      candidate: {
        label: "1.1",
        identity: { odoo: "14.0", addons: "sha256:9be7f3d1c054", modules: "retail_pricing 14.0.1.1.0" },
      },
    },
    load: {
      schedule: { kind: "duet" },
      startedAt: "2026-11-21T09:30:00.000Z",
      loadMs: 240_000,
      blocks: 24,
      blocksLeftOut: 0,
      volumes: SCENARIOS.map(({ service, name, unit, n }) => ({
        service,
        scenario: name,
        unit,
        planned: 2 * n + 2,
        achieved: 2 * n,
        failed: 0,
        dropped: 0,
        interrupted: 2,
      })),
    },
    changes,
    attribution: [],
    invariants: inventInvariants(),
    validity: [{ code: "host-steal", severity: "info", text: "environment quiet (steal 0.3 %)", remedy: "" }],
    inputs: [
      { path: "run.json", sha256: "6f1e0b5d8c4a97e2306b1f8d5ac2e47993b0d1c6f85a2e7460d9c3b81f52a7e4" },
      { path: "samples.parquet", sha256: "c08d51e7b3f6294ae1d70c95b82f3a6418e5d9047fb2c6a13d8e90f574b1c2a6" },
      { path: "readings.parquet", sha256: "19a4c7f0e2d85b3610f7e9c4d2a8b5630e1f7d94c2b80a6e53d1f9c7b4e20a85" },
    ],
    policy: {
      alpha: 0.01,
      equivalenceAlpha: 0.05,
      resamples: 2000,
      minimumBlocks: 8,
      blockMs: 10_000,
      minimumAchievedRatio: 0.95,
      maximumStealRatio: 0.05,
      maximumForeignCpuRatio: 0.2,
      maximumLoaderCpuRatio: 0.5,
      indicators: { "picking-wave.*": { margin: { relative: 0.2 } } },
    },
    method: {
      alpha: 0.01,
      looks: null,
      alphaAtThisLook: 0.01,
      equivalenceAlphaAtThisLook: 0.05,
      alphaSpent: 0.01,
      gates,
      correction: "Holm over gates by their weights",
      resamples: 2000,
      version: "0.1.0",
    },
    seeds: { workload: 20_261_121, resampling: 1 },
    timeline: {
      ...inventTimeline({ durationMs: 240_000, stepMs: 5000, slowdown: 1 }),
      events: [{ atMs: 0, kind: "deploy", label: "1.0 and 1.1 started" }],
    },
  };
}
