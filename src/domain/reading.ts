import type { Arm } from "./arm.ts";

/** Reading is one probe observation. Counters stay counters: differences are taken when a bundle is read. */
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
 * Probe observes one part of the stack. `start` and `stop` frame the load; `sample` is called every `everyMs` between them.
 * A probe never changes what it observes, and a failure is thrown: the sampler counts it and goes on.
 */
export interface Probe {
  readonly name: string;
  readonly everyMs: number;
  start(signal: AbortSignal): Promise<readonly Reading[]>;
  sample(signal: AbortSignal): Promise<readonly Reading[]>;
  stop(signal: AbortSignal): Promise<readonly Reading[]>;
}
