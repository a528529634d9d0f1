import * as fc from "fast-check";

import type { BlockValues, Evidence, Series } from "../../src/domain/judgement/evidence.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

/** Schedules as the evidence shows them; a sequential pair of runs is cut into time blocks, three or more are a block each. */
const shapes: Readonly<Record<string, (evidence: Evidence) => Evidence>> = {
  duet: (evidence) => evidence,
  slots: (evidence) => ({ ...evidence, schedule: { kind: "slots", slotMs: 5000, guardMs: 1000 } }),
  "one pair of runs": (evidence) => ({
    ...evidence,
    schedule: { kind: "sequential", arm: "candidate" },
    runIds: ["b1", "c1"],
    betweenRunSd: Object.fromEntries(evidence.series.map(({ indicator: { id } }) => [id, { scale: "log", sd: 0.01 }])),
  }),
  "pairs of runs": (evidence) => ({
    ...evidence,
    schedule: { kind: "sequential", arm: "candidate" },
    runIds: ["b", "c"].flatMap((arm) => evidence.blocks.map(({ index }) => `${arm}${index}`)),
  }),
};

/** CampaignOptions are a campaign as numbers, so that a worse one of the same seed can be made. */
export interface CampaignOptions {
  readonly seed: number;
  readonly shape: string;
  /** Null where the length was fixed beforehand. */
  readonly looks: number | null;
  readonly blocks: number;
  readonly perBlock: number;
  readonly ownSd: number;
  readonly rho: number;
  /** Times are held to a margin in ms instead of one in per cent. */
  readonly marginInMs: boolean;
  readonly candidate: {
    readonly latencyFactor: number;
    readonly addedStatements: number;
    readonly cpuFactor: number;
    readonly failedShare: number;
  };
}

const unchanged: CampaignOptions["candidate"] = { latencyFactor: 1, addedStatements: 0, cpuFactor: 1, failedShare: 0 };

const changed: fc.Arbitrary<CampaignOptions["candidate"]> = fc.record({
  latencyFactor: fc.constantFrom(0.7, 1, 1, 1.1, 1.5),
  addedStatements: fc.constantFrom(-2, 0, 0, 1, 30),
  cpuFactor: fc.constantFrom(0.8, 1, 1, 1.3),
  failedShare: fc.constantFrom(0, 0, 0.05, 0.3),
});

/** anyCampaign draws campaigns of every schedule: unchanged, a little and much worse or better, quiet and noisy, early and late. */
export const anyCampaign: fc.Arbitrary<CampaignOptions> = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  shape: fc.constantFrom(...Object.keys(shapes)),
  looks: fc.constantFrom(null, null, 1, 4),
  blocks: fc.integer({ min: 6, max: 16 }),
  perBlock: fc.constantFrom(1, 5, 20, 40, 40),
  ownSd: fc.constantFrom(0.005, 0.005, 0.05, 0.2),
  rho: fc.constantFrom(0, 0.5, 0.8),
  marginInMs: fc.boolean(),
  candidate: fc.oneof(fc.constant(unchanged), changed),
});

/** campaignEvidence is the evidence of a drawn campaign. */
export function campaignEvidence({ shape, looks, marginInMs, ...options }: CampaignOptions): Evidence {
  const shaped = shapes[shape];
  if (shaped === undefined) throw new Error(`no shape ${shape}`);
  const evidence = { ...syntheticEvidence({ ...options, spread: 0.15, sharedSd: 0.1 }), looks };
  return shaped(marginInMs ? { ...evidence, series: evidence.series.map((series) => heldToMs(series)) } : evidence);
}

/** 60 of 400 ms is the default margin of latency; CPU times are 180 ms. */
function heldToMs({ indicator, blocks }: Series): Series {
  const margin = indicator.unit === "ms" ? { relative: 0.001, absolute: 60 } : indicator.margin;
  return { indicator: { ...indicator, margin }, blocks };
}

/** mapSeries changes entries of both arms, or of one. */
export function mapSeries(
  evidence: Evidence,
  change: (entry: BlockValues, index: number, series: Series) => BlockValues,
  arms: { readonly baseline: boolean; readonly candidate: boolean } = { baseline: true, candidate: true },
): Evidence {
  const entries = (series: Series, arm: "baseline" | "candidate") =>
    arms[arm] ? series.blocks[arm].map((entry, index) => change(entry, index, series)) : series.blocks[arm];
  return {
    ...evidence,
    series: evidence.series.map((series) => ({
      indicator: series.indicator,
      blocks: { baseline: entries(series, "baseline"), candidate: entries(series, "candidate") },
    })),
  };
}

/** scaled multiplies what was measured. */
export function scaled(entry: BlockValues, factor: number): BlockValues {
  if (entry.kind === "values") return { kind: "values", values: entry.values.map((value) => value * factor) };
  return entry.kind === "ratio" ? { ...entry, numerator: entry.numerator * factor } : entry;
}
