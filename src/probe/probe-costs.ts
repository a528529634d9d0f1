import type { Probe } from "../domain/reading.ts";
import type { Finding } from "../domain/target/finding.ts";
import type { Target } from "../domain/target/target.ts";
import { createProbes } from "./create-probes.ts";
import { postgresClusters } from "./postgres/connection.ts";
import { ownWork } from "./postgres/own-work.ts";
import { good, poorer, reasonOf } from "./sampling/finding.ts";
import { callWithin } from "./sampling/sampler.ts";

const SAMPLES = 5;
/** Share of one core of the database server above which the cost of a probe is reported. */
const HIGH_SHARE = 0.01;
const LIMIT_MS = 10_000;

/** inspectProbeCosts takes five readings with every probe of a target and returns their cost, one finding per probe. */
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

/** describeCost formats the cost of a probe as a finding. */
export function describeCost(cost: ProbeCost | FailedProbe): Finding {
  const name = `cost-${cost.name}`;
  if ("failure" in cost) {
    return poorer(
      name,
      `The readings of the probe fail: ${cost.failure}`,
      "Read the findings above for the connection of this probe.",
    );
  }
  const { everyMs, readings, wallMs, slowestMs, postgresMs } = cost;
  const reading = `${readings} readings in ${wallMs.toFixed(1)} ms (slowest ${slowestMs.toFixed(1)} ms)`;
  const period = `every ${everyMs / 1000} s`;
  if (postgresMs === null) return good(name, `${reading}, ${period}`);
  const share = postgresMs / everyMs;
  const text = `${reading}, ${postgresMs.toFixed(2)} ms of PostgreSQL's time; ${period} this is ${(100 * share).toFixed(2)} % of a core`;
  if (share <= HIGH_SHARE) return good(name, text);
  const remedy = "Lower pg_stat_statements.max, delete old rows of the tables that the probe reads, or remove its connection.";
  return poorer(name, text, remedy);
}

/** ProbeCost is the cost of one reading of one probe. */
export interface ProbeCost {
  readonly name: string;
  readonly everyMs: number;
  /** Number of values in the last reading. */
  readonly readings: number;
  /** Wall-clock time of a reading: median and maximum. */
  readonly wallMs: number;
  readonly slowestMs: number;
  /** Mean time that PostgreSQL worked for a reading. Null where the server does not show it. */
  readonly postgresMs: number | null;
}

/** FailedProbe is a probe that could not be measured because its readings fail. */
export interface FailedProbe {
  readonly name: string;
  readonly failure: string;
}

export interface CostOptions {
  /** Number of measured readings, after a first reading that opens connections. */
  readonly samples: number;
  /**
   * Milliseconds that PostgreSQL has worked for the harness so far, without the cost of this query. Null where it is not known.
   */
  readonly postgresMs: () => Promise<number | null>;
  readonly clockMs?: () => number;
}

/** measureProbeCosts measures the probes one after another, so that the server's work can be assigned to one probe. */
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
  for (let number = 0; number < samples; number += 1) {
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
