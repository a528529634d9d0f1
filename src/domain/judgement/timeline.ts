import type { Arm } from "../arm.ts";
import type { Layer } from "../service.ts";

/** TimelineSeries is one line over the time of the load; a null value is a gap, not a zero. */
export interface TimelineSeries {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly layer: Layer;
  readonly arm: Arm | null;
  /** Chart it belongs to: `load`, `latency`, or `probe`. */
  readonly chart: "load" | "latency" | "probe";
  /** [milliseconds since start, value] */
  readonly points: readonly (readonly [number, number | null])[];
}

/** TimelineEvent is a mark on the time axis. */
export interface TimelineEvent {
  readonly atMs: number;
  /** `deploy`, `restart`, `autovacuum`, `checkpoint`, `disturbance`, `fault`, `registry-reload`, ... */
  readonly kind: string;
  readonly label: string;
}

/** Timeline holds the lines and events of the report on one time axis in ms; 0 is the start of the load. */
export interface Timeline {
  readonly durationMs: number;
  readonly series: readonly TimelineSeries[];
  readonly events: readonly TimelineEvent[];
  readonly excluded: readonly {
    readonly startMs: number;
    readonly endMs: number;
    readonly reason: string;
  }[];
}
