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

/** EventRule says how readings of one name become events. */
export interface EventRule {
  readonly reading: string;
  /** Kind of maintenance work, for the reading of that name. */
  readonly work?: string;
  /** `rise`: it grew. `fall`: it fell. `change`: it became another. `level`: it was above zero. */
  readonly when: "rise" | "fall" | "change" | "level";
  readonly kind: string;
  readonly what: string;
  readonly unit: "ms" | "times";
  /** Less than this makes no event. */
  readonly shortest: number;
  /** One arm alone had it where it had this much, and twice as much as the other besides. */
  readonly least: number;
  /** How long it goes on disturbing after the moment at which it was last seen. */
  readonly tailMs: number;
  /** `outside`: a release never does it. `release`: a release may. `by`: the reading says by which role it was done. */
  readonly doneBy: "outside" | "release" | "by";
  /** Strong enough to spoil a comparison of times; the weak ones are ordinary noise of a server at work, and only marks. */
  readonly strong: boolean;
}

/** Caches of a server that was started are cold for some seconds; a registry of 67 modules loads in 1 s (lab), of 400 in 5. */
const COLD_MS = 5000;
/** Work of a server is looked at once a second, so a second is the least that is seen of it. */
const A_LOOK_MS = 1000;
/** A fifth of a block of the default length. Jobs that only look whether there is work take milliseconds. */
const CRON_BURST_MS = 2000;
/** Autovacuum throttles itself, and one table of a busy shop takes it a second or two. */
const LONG_AUTOVACUUM_MS = 10_000;

const maintenance = {
  reading: "maintenance",
  when: "level",
  unit: "ms",
  shortest: 0,
  tailMs: 0,
  doneBy: "by",
  strong: true,
} as const;
const counted = { when: "rise", unit: "times", shortest: 0, least: 1, tailMs: 0, doneBy: "release" } as const;

/** eventRules are the events that readings tell of. Autovacuum, checkpoints and new workers follow from the work that is measured. */
export const eventRules: readonly EventRule[] = [
  {
    ...counted,
    reading: "server_start_ms",
    when: "change",
    kind: "restart",
    what: "PostgreSQL was restarted",
    tailMs: COLD_MS,
    doneBy: "outside",
    strong: true,
  },
  {
    ...counted,
    reading: "server_run",
    when: "change",
    kind: "restart",
    what: "Redis was restarted",
    tailMs: COLD_MS,
    doneBy: "outside",
    strong: true,
  },
  { ...counted, reading: "odoo_masters", when: "fall", kind: "restart", what: "Odoo ended", tailMs: COLD_MS, strong: true },
  {
    ...counted,
    reading: "registry_reloads",
    kind: "registry-reload",
    what: "registry reload",
    tailMs: COLD_MS,
    strong: true,
  },
  {
    ...counted,
    reading: "cron_busy_ms",
    kind: "cron",
    what: "cron jobs",
    unit: "ms",
    shortest: CRON_BURST_MS,
    least: CRON_BURST_MS,
    strong: true,
  },
  { ...counted, reading: "worker_kills", kind: "worker-kill", what: "worker over its limit", strong: false },
  { ...counted, reading: "odoo_worker_starts", kind: "worker-start", what: "new worker", strong: false },
  { ...counted, reading: "checkpoints", kind: "checkpoint", what: "checkpoint", strong: false },
  {
    ...counted,
    reading: "autovacuum_workers",
    when: "level",
    kind: "autovacuum",
    what: "autovacuum",
    unit: "ms",
    least: LONG_AUTOVACUUM_MS,
    strong: false,
  },
  { ...maintenance, work: "basebackup", kind: "backup", what: "base backup", least: A_LOOK_MS },
  { ...maintenance, work: "logical_backup", kind: "backup", what: "backup by pg_dump", least: A_LOOK_MS },
  { ...maintenance, work: "create_index", kind: "index-build", what: "index build", least: A_LOOK_MS },
  { ...maintenance, work: "cluster", kind: "table-rewrite", what: "rewrite of a table", least: A_LOOK_MS },
  { ...maintenance, work: "vacuum", kind: "vacuum", what: "vacuum by hand", least: A_LOOK_MS },
  { ...maintenance, work: "copy", kind: "bulk-copy", what: "bulk copy", least: A_LOOK_MS },
];
