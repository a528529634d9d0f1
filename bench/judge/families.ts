import type { BlockValues, Evidence, Series } from "../../src/domain/judgement/evidence.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { seededRandom } from "../../src/statistics/random.ts";
import { type Campaign, drawCampaign } from "./campaign.ts";
import { quietCell } from "./cell.ts";
import { policy } from "./contestants.ts";
import { kayentaSaysHigh } from "./kayenta.ts";

/** FamilyCase is a report on many metrics that move together, some of which truly changed. */
export interface FamilyCase {
  readonly metrics: number;
  readonly changed: number;
}

export interface FamilyResult extends FamilyCase {
  readonly peakproofFails: number;
  /** Of the metrics called worse by a FAIL, the share that did not change. */
  readonly wrongNames: number;
  /** Kayenta's report below 95 (not passed), and below 75 (failed). */
  readonly kayentaNotPassed: number;
  readonly kayentaFails: number;
}

export const familyCases: readonly FamilyCase[] = [1, 20, 50].flatMap((metrics) =>
  [0, 1, 3].filter((changed) => changed <= metrics).map((changed) => ({ metrics, changed })),
);

/** How much slower a changed metric is. */
export const familyFactor = 1.2;

const cell = quietCell({ schedule: "duet", pairs: 1, points: 120, rho: 0.3 });
const margin = { relative: 0.0001, absolute: 0 };

/** judgeFamily gives every metric the same weight in Kayenta and the same next-to-no margin in the judge, all of them gates. */
export function judgeFamily({ metrics, changed }: FamilyCase, options: { repetitions: number; seed: number }): FamilyResult {
  const random = seededRandom(options.seed);
  const result = { peakproofFails: 0, kayentaNotPassed: 0, kayentaFails: 0, named: 0, wrong: 0 };
  for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
    const noise = () => drawCampaign(cell, { effect: { kind: "none" }, random, seed: repetition });
    const common = noise();
    const family = Array.from({ length: metrics }, (_, index) => mixed(common, noise(), index < changed ? familyFactor : 1));
    const { verdict, changes } = evaluate(evidenceOf(common.evidence, family), policy);
    if (verdict === "fail") result.peakproofFails += 1;
    for (const { change, indicator } of changes) {
      if (change !== "regressed") continue;
      result.named += 1;
      if (Number(indicator.split("-")[1]) >= changed) result.wrong += 1;
    }
    const high = family.filter(({ baseline, candidate }) => kayentaSaysHigh(baseline.flat(), candidate.flat())).length;
    const score = (100 * (metrics - high)) / metrics;
    if (score < 95) result.kayentaNotPassed += 1;
    if (score < 75) result.kayentaFails += 1;
  }
  const share = (count: number) => count / options.repetitions;
  return {
    metrics,
    changed,
    peakproofFails: share(result.peakproofFails),
    wrongNames: result.named === 0 ? 0 : result.wrong / result.named,
    kayentaNotPassed: share(result.kayentaNotPassed),
    kayentaFails: share(result.kayentaFails),
  };
}

interface Metric {
  readonly baseline: readonly (readonly number[])[];
  readonly candidate: readonly (readonly number[])[];
}

/** Half of the variance of each metric is common to all: correlation one half. */
function mixed(common: Campaign, own: Campaign, factor: number): Metric {
  const mix = (arm: "baseline" | "candidate", times: number) => {
    const shared = blockValues(common, arm);
    return blockValues(own, arm).map((block, index) =>
      block.map((value, at) => times * between(value, shared[index]?.[at] ?? value)),
    );
  };
  return { baseline: mix("baseline", 1), candidate: mix("candidate", factor) };
}

/** Logarithms add up with weights of sqrt(1/2), so that the spread stays what it was. */
function between(a: number, b: number): number {
  const middle = 200;
  return middle * Math.exp(Math.SQRT1_2 * (Math.log(a / middle) + Math.log(b / middle)));
}

function blockValues({ evidence }: Campaign, arm: "baseline" | "candidate"): readonly (readonly number[])[] {
  const entries = evidence.series[0]?.blocks[arm] ?? [];
  return entries.map((entry) => (entry.kind === "values" ? entry.values : []));
}

function evidenceOf(frame: Evidence, family: readonly Metric[]): Evidence {
  const typical = frame.series.find(({ indicator }) => indicator.source.kind === "typical")?.indicator;
  if (typical === undefined) throw new Error("the catalogue has no typical latency any more");
  const values = (blocks: readonly (readonly number[])[]) =>
    blocks.map((each): BlockValues => ({ kind: "values", values: each }));
  const series = family.map((metric, index): Series => ({
    indicator: { ...typical, id: `metric-${index}`, label: `metric ${index}`, margin },
    blocks: { baseline: values(metric.baseline), candidate: values(metric.candidate) },
  }));
  return { ...frame, series };
}
