import type { Arm } from "../../domain/arm.ts";
import type { DisturbanceCode, EventKind } from "../../domain/judgement/evidence.ts";

/** RunEvent is something that happened to the target or its host, on the time axis of the evidence. */
export interface RunEvent {
  readonly run: number;
  readonly atMs: number;
  /** Duration; absent for a moment. */
  readonly durationMs?: number | undefined;
  /** An EventKind, or any word that was recorded in the bundle. */
  readonly kind: string;
  readonly label: string;
  /** The code with which the blocks that it touches are left out of everything judged by time; null where they are kept. */
  readonly disturbs: DisturbanceCode | null;
  /** Absent for events that were recorded in the bundle. */
  readonly origin?: EventOrigin;
}

/**
 * EventOrigin is the cause of an event. `outside`: something that a release does not do. `shared`: both arms had the same amount.
 * An arm: only this arm had it, or had far more of it than the other.
 */
export interface EventOrigin {
  readonly from: "outside" | "shared" | Arm;
  /** Without arm and duration, such as `cron jobs`. */
  readonly what: string;
  readonly amount: number;
  readonly unit: "ms" | "times";
}

/** EventRule describes how readings of one name become events. */
export interface EventRule {
  readonly reading: string;
  /** Kind of maintenance work, for the reading of that name. */
  readonly work?: string;
  /** The event occurs when the reading grew (`rise`), fell (`fall`), changed (`change`) or was above zero (`level`). */
  readonly when: "rise" | "fall" | "change" | "level";
  readonly kind: EventKind;
  readonly what: string;
  readonly unit: "ms" | "times";
  /** A smaller amount is no event. */
  readonly shortest: number;
  /** An arm is the origin where it had at least this amount more than twice that of the other arm. */
  readonly least: number;
  /** Time for which the event disturbs after the reading that last showed it. */
  readonly tailMs: number;
  /** `outside`: a release never causes it. `release`: a release may cause it. `by`: the reading names the role that did it. */
  readonly doneBy: "outside" | "release" | "by";
  /** Strong enough to invalidate a comparison of times. Weak events are ordinary noise of a busy server and are only drawn. */
  readonly strong: boolean;
}

/**
 * Caches of a started server are cold for some seconds. A registry of 67 modules loads in 1 s (lab), one of 400 modules in 5 s.
 */
const COLD_MS = 5000;
/** Probes read the work of a server once a second, so one second is the shortest work that they show. */
const READING_MS = 1000;
/** A fifth of a block of the default length. Jobs that only check for work take milliseconds. */
const CRON_BURST_MS = 2000;
/** Autovacuum limits its own speed; one table of a busy shop takes a second or two. */
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

/** eventRules are the events that readings show. Autovacuum, checkpoints and new workers are results of the measured work. */
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
  { ...maintenance, work: "basebackup", kind: "backup", what: "base backup", least: READING_MS },
  { ...maintenance, work: "logical_backup", kind: "backup", what: "backup by pg_dump", least: READING_MS },
  { ...maintenance, work: "create_index", kind: "index-build", what: "index build", least: READING_MS },
  { ...maintenance, work: "cluster", kind: "table-rewrite", what: "rewrite of a table", least: READING_MS },
  { ...maintenance, work: "vacuum", kind: "vacuum", what: "vacuum by hand", least: READING_MS },
  { ...maintenance, work: "copy", kind: "bulk-copy", what: "bulk copy", least: READING_MS },
];
