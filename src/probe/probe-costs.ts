import type { Probe } from "../domain/reading.ts";
import { reasonOf } from "./finding.ts";
import { callWithin } from "./limited-call.ts";

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

const LIMIT_MS = 10_000;

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
