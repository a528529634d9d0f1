import type { Arm, PerArm } from "../../src/domain/arm.ts";
import type { BlockValues, Evidence, Series } from "../../src/domain/judgement/evidence.ts";
import type { Indicator } from "../../src/domain/judgement/indicator.ts";
import { indicatorsFor } from "../../src/evaluator/catalogue/catalogue.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";

/** SyntheticOptions describe a campaign of one scenario as a duet, with what the candidate does differently. */
export interface SyntheticOptions {
  readonly seed: number;
  readonly blocks?: number;
  /** Transactions per arm and block. */
  readonly perBlock?: number;
  readonly scenarios?: readonly string[];
  /** Spread of ln(latency) between transactions, of shared slow stretches, and of one arm's own stretches. */
  readonly spread?: number;
  readonly sharedSd?: number;
  readonly ownSd?: number;
  /** Lag-one autocorrelation of both kinds of stretches. */
  readonly rho?: number;
  readonly candidate?: {
    readonly latencyFactor?: number;
    readonly addedStatements?: number;
    readonly failedShare?: number;
    readonly cpuFactor?: number;
  };
}

/** syntheticEvidence makes a whole campaign: 60 statements and 400 ms a transaction, 180 CPU-ms, no failures. */
export function syntheticEvidence(options: SyntheticOptions): Evidence {
  const { seed, blocks = 15, scenarios = ["order-import"] } = options;
  const random = seededRandom(seed);
  const indicators = indicatorsFor({ scenarios, steps: [], readings: ["blocks_total"], imported: false });
  const stretches = slowStretches(options, blocks, random);
  const arms = {
    baseline: armData(options, "baseline", stretches.baseline, random),
    candidate: armData(options, "candidate", stretches.candidate, random),
  };
  const series = indicators.map((indicator): Series => ({
    indicator,
    blocks: { baseline: valuesOf(indicator, arms.baseline), candidate: valuesOf(indicator, arms.candidate) },
  }));
  return evidenceOf(series, { blocks, seed, scenarios, arms });
}

interface BlockData {
  readonly latencies: readonly number[];
  readonly statements: number;
  readonly cpuMs: number;
  readonly transactions: number;
  readonly failed: number;
}

function armData(options: SyntheticOptions, arm: Arm, stretches: readonly number[], random: () => number): BlockData[] {
  const { perBlock = 12, spread = 0.25 } = options;
  const change = arm === "candidate" ? options.candidate : undefined;
  return stretches.map((slow) => {
    const failed = Array.from({ length: perBlock }, () => random()).filter((draw) => draw < (change?.failedShare ?? 0)).length;
    const good = perBlock - failed;
    const latency = () => 400 * (change?.latencyFactor ?? 1) * Math.exp(slow + spread * standardNormal(random));
    return {
      latencies: Array.from({ length: good }, latency),
      statements: good * (60 + (change?.addedStatements ?? 0)),
      cpuMs: good * 180 * (change?.cpuFactor ?? 1) * Math.exp(0.2 * slow + 0.03 * standardNormal(random)),
      transactions: good,
      failed,
    };
  });
}

function slowStretches(options: SyntheticOptions, blocks: number, random: () => number): PerArm<number[]> {
  const { sharedSd = 0.1, ownSd = 0.02, rho = 0.3 } = options;
  const chain = () => autoregressive(blocks, rho, random);
  const [shared, baseline, candidate] = [chain(), chain(), chain()];
  const sum = (own: readonly number[]) => shared.map((value, index) => sharedSd * value + ownSd * (own[index] ?? 0));
  return { baseline: sum(baseline), candidate: sum(candidate) };
}

/** autoregressive draws an AR(1) chain with unit variance. */
function autoregressive(length: number, rho: number, random: () => number): number[] {
  let state = standardNormal(random);
  return Array.from({ length }, (_, index) => {
    if (index > 0) state = rho * state + Math.sqrt(1 - rho * rho) * standardNormal(random);
    return state;
  });
}

function valuesOf({ source }: Indicator, data: readonly BlockData[]): BlockValues[] {
  return data.map((block): BlockValues => {
    if (source.kind === "quantile" || source.kind === "typical") return { kind: "values", values: block.latencies };
    if (source.kind === "count") return { kind: "count", events: block.failed, exposure: block.transactions + block.failed };
    if (source.kind === "level") return { kind: "ratio", numerator: 0, denominator: 0 };
    const numerators: Record<string, number> = {
      request_statements: block.statements,
      odoo_cpu_ms: block.cpuMs,
      blocks_total: 40 * block.statements,
    };
    const perMinute = source.per === "minute";
    return {
      kind: "ratio",
      numerator: perMinute ? block.transactions : (numerators[source.reading] ?? 0),
      denominator: perMinute ? 1 / 6 : block.transactions,
    };
  });
}

function evidenceOf(
  series: readonly Series[],
  options: { blocks: number; seed: number; scenarios: readonly string[]; arms: PerArm<readonly BlockData[]> },
): Evidence {
  const done = (arm: Arm) => options.arms[arm].reduce((total, { transactions }) => total + transactions, 0);
  const failed = (arm: Arm) => options.arms[arm].reduce((total, block) => total + block.failed, 0);
  const achieved = done("baseline") + done("candidate");
  const lost = failed("baseline") + failed("candidate");
  return {
    runIds: ["r1"],
    schedule: { kind: "duet" },
    releases: { baseline: { label: "1.0", identity: {} }, candidate: { label: "1.1", identity: {} } },
    startedAt: "2026-11-21T08:00:00.000Z",
    loadMs: options.blocks * 10_000,
    blocks: Array.from({ length: options.blocks }, (_, index) => ({
      index,
      startMs: index * 10_000,
      endMs: (index + 1) * 10_000,
      disturbance: null,
      isCold: false,
    })),
    series,
    volumes: options.scenarios.map((scenario) => ({
      service: "order-import",
      scenario,
      unit: "order",
      planned: achieved + lost,
      achieved,
      failed: lost,
      dropped: 0,
      interrupted: 0,
    })),
    statements: [],
    transactions: (["baseline", "candidate"] as const).map((arm) => ({
      arm,
      service: "order-import",
      count: done(arm),
      tookMs: options.arms[arm].flatMap(({ latencies }) => latencies).reduce((total, each) => total + each, 0),
    })),
    invariants: [],
    validity: [],
    timeline: { durationMs: options.blocks * 10_000, series: [], events: [], excluded: [] },
    inputs: [],
    seed: options.seed,
  };
}
