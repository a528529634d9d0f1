import type { Arm } from "./arm.ts";

/** Reading is one observation of a probe. Counters are stored as counters; differences are computed when a bundle is read. */
export interface Reading {
  /** Epoch milliseconds of the observation on this machine. */
  readonly timeMs: number;
  /** Null where the observed part is shared by both arms. */
  readonly arm: Arm | null;
  readonly probe: string;
  /** snake_case name with the unit last, such as `cpu_ms` or `wal_bytes`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Probe observes one part of the stack. `start` is called before the load, `stop` after it, `sample` every `everyMs` between them.
 * A probe never changes the observed part. It throws on a failure; the sampler counts the failure and continues.
 */
export interface Probe {
  readonly name: string;
  readonly everyMs: number;
  start(signal: AbortSignal): Promise<readonly Reading[]>;
  sample(signal: AbortSignal): Promise<readonly Reading[]>;
  stop(signal: AbortSignal): Promise<readonly Reading[]>;
}
