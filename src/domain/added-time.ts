import type { PerArm } from "./arm.ts";
import type { Layer, Service } from "./service.ts";

/** TimePart is one of the places where the time of a request can go. */
export type TimePart =
  | "late-start"
  | "ingress"
  | "queue"
  | "python"
  | "waiting"
  | "redis"
  | "more-statements"
  | "slower-statements"
  | "lock-waits"
  | "io"
  | "retries"
  | "unexplained";

/** PART_WORDS are the parts as people call them, after a number of milliseconds. */
export const PART_WORDS: Readonly<Record<TimePart, string>> = {
  "late-start": "late start of the load",
  ingress: "ingress",
  queue: "queue for a worker",
  python: "Python",
  waiting: "waiting in Odoo, not for SQL",
  redis: "Redis",
  "more-statements": "more SQL statements",
  "slower-statements": "slower SQL statements",
  "lock-waits": "lock waits",
  io: "disk I/O of PostgreSQL",
  retries: "run again after conflicts",
  unexplained: "unexplained",
};

/** AddedPart is one part of a step's added time. */
export interface AddedPart {
  readonly part: TimePart;
  /** Null for what is unexplained. */
  readonly layer: Layer | null;
  readonly addedMs: number;
  /** One standard error of `addedMs`, from blocks; null where it is what is left over. */
  readonly standardError: number | null;
  /** `step`: measured for the step itself. `arm`: its share of what was measured for the whole arm. */
  readonly known: "step" | "arm";
}

/** AddedTime is the added milliseconds of one step, per good request, split into parts that add up to them. */
export interface AddedTime {
  readonly step: string;
  readonly scenario: string;
  readonly service: Service;
  /** Mean time of a good request as the client saw it, from its intended start. */
  readonly baselineMs: number;
  readonly candidateMs: number;
  readonly addedMs: number;
  readonly standardError: number;
  readonly parts: readonly AddedPart[];
  /** Share of the added time in parts that stand out from their own noise. */
  readonly explained: number;
  /** Where most of the explained time is; `cannot-tell` where less than half of it is explained. */
  readonly layer: Layer | "cannot-tell";
  /** What was not read and would have told more. */
  readonly missing: readonly string[];
}

/** StatementChange is what one normalised SQL statement did in either arm, per transaction of the whole arm. */
export interface StatementChange {
  readonly statement: string;
  readonly tables: readonly string[];
  readonly calls: PerArm<number>;
  readonly execMs: PerArm<number>;
  readonly rows: PerArm<number>;
  readonly blocks: PerArm<number>;
  readonly walBytes: PerArm<number>;
}

/** ErrorOrigin counts failed requests of one step by who failed them. */
export interface ErrorOrigin {
  readonly step: string;
  readonly service: Service;
  /** `ingress`, `application`, `session`, `conflict` or `script`, as the scenario found it. */
  readonly outcome: string;
  readonly layer: Layer;
  readonly failed: PerArm<number>;
  readonly requests: PerArm<number>;
}
