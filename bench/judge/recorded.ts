import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

import { readManifest } from "../../src/bundle/run/manifest.ts";
import type { Verdict } from "../../src/domain/judgement/evaluation.ts";
import type { BlockValues, Series } from "../../src/domain/judgement/evidence.ts";
import { indicatorsFor } from "../../src/evaluator/catalogue/catalogue.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { readEvidence } from "../../src/evidence/evidence.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import { kayentaSaysHigh } from "./kayenta.ts";

/** RecordedJudgement is what the contestants say of one recorded campaign. */
export interface RecordedJudgement {
  readonly bundle: string;
  readonly releases: string;
  /** Releases of one label are equal, so every "worse" is a false alarm. */
  readonly equal: boolean;
  readonly verdict: Verdict;
  readonly regressed: readonly string[];
  /** Latency metrics of transactions and steps, and how many of them each other rule calls worse. */
  readonly metrics: number;
  readonly kayenta: number;
  readonly kStyle: number;
  readonly tenPercent: number;
}

/** judgeRecorded judges the bundles in a folder (each with both arms): `folder/NAME` or `folder/NAME/bundle`. */
export async function judgeRecorded(folder: string): Promise<RecordedJudgement[]> {
  const found: RecordedJudgement[] = [];
  for (const name of readdirSync(folder).sort()) {
    const bundle = [join(folder, name), join(folder, name, "bundle")].find((path) => existsSync(join(path, "run.json")));
    if (bundle === undefined) continue;
    // One arm alone is half of a comparison that the folder cannot tell.
    if ((await readManifest(bundle)).arms.length === 2) found.push(await judgeBundle(bundle, name));
  }
  return found;
}

async function judgeBundle(bundle: string, name: string): Promise<RecordedJudgement> {
  const compared = { kind: "together", bundles: [bundle] } as const;
  const evidence = await readEvidence(compared, { policy: defaultPolicy, choose: indicatorsFor });
  const { verdict, changes } = evaluate(evidence, defaultPolicy);
  const metrics = evidence.series
    .filter(({ indicator }) => indicator.source.kind === "quantile" && indicator.source.quantile === 0.5)
    .map((series) => ({ baseline: valuesOf(series, "baseline"), candidate: valuesOf(series, "candidate") }))
    .filter(({ baseline, candidate }) => Math.min(baseline.length, candidate.length) >= fewest);
  const tails = metrics.map(({ baseline, candidate }) => [quantile(baseline, 0.95), quantile(candidate, 0.95)] as const);
  const { baseline, candidate } = evidence.releases;
  return {
    bundle: basename(name),
    releases: `${baseline.label} → ${candidate.label}`,
    equal: baseline.label === candidate.label,
    verdict,
    regressed: changes.filter(({ gate, change }) => gate && change === "regressed").map(({ indicator }) => indicator),
    metrics: metrics.length,
    kayenta: metrics.filter((metric) => kayentaSaysHigh(metric.baseline, metric.candidate)).length,
    kStyle: tails.filter(([from, to]) => to >= Math.max(1.3 * from, from + 50)).length,
    tenPercent: tails.filter(([from, to]) => to > 1.1 * from).length,
  };
}

/** Fewer values than this no rule should be asked about. */
const fewest = 8;

function valuesOf({ blocks }: Series, arm: "baseline" | "candidate"): number[] {
  return blocks[arm].flatMap((entry: BlockValues) => (entry.kind === "values" ? entry.values : []));
}
