import type { Arm } from "../../domain/arm.ts";

/** RunEvent is something that happened to the target or its host, on the time axis of the evidence. */
export interface RunEvent {
  readonly run: number;
  readonly atMs: number;
  /** How long it lasted; absent for a moment. */
  readonly durationMs?: number | undefined;
  /** As in domain/timeline.ts: `restart`, `autovacuum`, ... */
  readonly kind: string;
  readonly label: string;
  /** Takes the blocks that it touches out of what is judged by time. */
  readonly disturbs: boolean;
  /** Absent for events that the bundle was told of. */
  readonly origin?: EventOrigin;
}

/**
 * EventOrigin says whose doing an event was. `outside`: nothing that a release does. `shared`: both arms had as much of it. An arm:
 * it alone had it, or far more of it than the other.
 */
export interface EventOrigin {
  readonly from: "outside" | "shared" | Arm;
  /** Without arm and duration, such as `cron jobs`. */
  readonly what: string;
  readonly amount: number;
  readonly unit: "ms" | "times";
}
