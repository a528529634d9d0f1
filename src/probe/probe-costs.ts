import type { Probe } from "../domain/reading.ts";
import type { Finding } from "../domain/target/finding.ts";
import type { Target } from "../domain/target/target.ts";
import { createProbes } from "./create-probes.ts";
import { postgresClusters } from "./postgres/connection.ts";
import { ownWork } from "./postgres/own-work.ts";
import { good, poorer, reasonOf } from "./sampling/finding.ts";
import { callWithin } from "./sampling/sampler.ts";

const SAMPLES = 5;
/** Share of one core of the database server above which watching is no longer free. */
const DEAR = 0.01;
const LIMIT_MS = 10_000;

/** inspectProbeCosts lets every probe of a target look five times and says what a look costs, one finding a probe. */
export async function inspectProbeCosts(target: Target): Promise<readonly Finding[]> {
  const work = ownWork(postgresClusters(target));
  try {
    const { probes } = createProbes(target, { loaderPid: () => null, otherPids: {} });
    const costs = await measureProbeCosts(probes, { samples: SAMPLES, postgresMs: () => work.ms() });
    return costs.map((cost) => describeCost(cost));
  } finally {
    await work.close();
  }
}

/** describeCost puts the cost of a probe into words. */
export function describeCost(cost: ProbeCost | FailedProbe): Finding {
  const name = `cost-${cost.name}`;
  if ("failure" in cost) {
    return poorer(name, `The probe does not read: ${cost.failure}`, "See above what it reads, and what is missing there.");
  }
  const { everyMs, readings, wallMs, slowestMs, postgresMs } = cost;
  const look = `${readings} readings in ${wallMs.toFixed(1)} ms (slowest ${slowestMs.toFixed(1)} ms)`;
  const period = `every ${everyMs / 1000} s`;
  if (postgresMs === null) return good(name, `${look}, ${period}`);
  const share = postgresMs / everyMs;
  const text = `${look}, ${postgresMs.toFixed(2)} ms of PostgreSQL's work; ${period} that is ${(100 * share).toFixed(2)} % of a core`;
  if (share <= DEAR) return good(name, text);
  const remedy = "Lower pg_stat_statements.max, clear old rows of the tables that it reads, or leave its connection out.";
  return poorer(name, text, remedy);
}

/** ProbeCost is what one look of one probe costs. */
export interface ProbeCost {
  readonly name: string;
  readonly everyMs: number;
  /** Readings of the last look. */
  readonly readings: number;
  /** Wall-clock time of a look: the middle one, and the slowest. */
  readonly wallMs: number;
  readonly slowestMs: number;
  /** Time that PostgreSQL worked for a look, on average; null where it cannot be told. */
  readonly postgresMs: number | null;
}

/** FailedProbe is a probe that could not be measured because it does not read. */
export interface FailedProbe {
  readonly name: string;
  readonly failure: string;
}

export interface CostOptions {
  /** Looks that are measured, after one that opens connections. */
  readonly samples: number;
  /** Milliseconds that PostgreSQL has worked for us so far, without what asking for it costs. Null where it is not told. */
  readonly postgresMs: () => Promise<number | null>;
  readonly clockMs?: () => number;
}

/** measureProbeCosts lets the probes look one after another, so that what the server does meanwhile is done for one of them. */
export async function measureProbeCosts(
  probes: readonly Probe[],
  options: CostOptions,
): Promise<readonly (ProbeCost | FailedProbe)[]> {
  const costs: (ProbeCost | FailedProbe)[] = [];
  for (const probe of probes) {
    try {
      await within((signal) => probe.start(signal));
      costs.push(await costOf(probe, options));
    } catch (error) {
      costs.push({ name: probe.name, failure: reasonOf(error) });
    } finally {
      await within((signal) => probe.stop(signal)).catch(() => undefined);
    }
  }
  return costs;
}

async function costOf(probe: Probe, options: CostOptions): Promise<ProbeCost> {
  const { samples, postgresMs, clockMs = () => performance.now() } = options;
  const before = await postgresMs();
  const walls: number[] = [];
  let readings = 0;
  for (let look = 0; look < samples; look += 1) {
    const startMs = clockMs();
    readings = (await within((signal) => probe.sample(signal))).length;
    walls.push(clockMs() - startMs);
  }
  const after = await postgresMs();
  const sorted = walls.toSorted((left, right) => left - right);
  return {
    name: probe.name,
    everyMs: probe.everyMs,
    readings,
    wallMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    slowestMs: sorted.at(-1) ?? 0,
    postgresMs: before === null || after === null ? null : Math.max(0, after - before) / samples,
  };
}

function within<Value>(ask: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  return callWithin(LIMIT_MS, ask).answer;
}
