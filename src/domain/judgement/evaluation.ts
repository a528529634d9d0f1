import type { PerArm } from "../arm.ts";
import type { InputHash, InvariantResult, Schedule, ServiceVolume } from "../load/run.ts";
import type { Layer, Service } from "../service.ts";
import type { Release } from "../target/release.ts";
import type { UnseenPart } from "../target/target.ts";
import type { ValidityFact } from "./evidence.ts";
import type { IndicatorKind, Margin, Quantity } from "./indicator.ts";
import type { Policy } from "./policy.ts";
import type { Timeline } from "./timeline.ts";

export type Change = "improved" | "equivalent" | "regressed" | "inconclusive";

export type Verdict = "pass" | "fail" | "inconclusive";

/** IndicatorChange is the judgement of one indicator. Every number in a report comes from one of these fields. */
export type IndicatorChange = JudgedChange | UnjudgedChange;

interface ChangedIndicator {
  /** Stable id of the indicator. */
  readonly indicator: string;
  readonly label: string;
  readonly service: Service;
  readonly layer: Layer;
  /** Scenario, step and quantity identify what was measured; added with schema 2. */
  readonly scenario?: string | null;
  readonly step?: string | null;
  readonly quantity?: Quantity;
  readonly kind: IndicatorKind;
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly gate: boolean;
  /** Weight of a gate: its share of alpha relative to the weights of the other gates; added under schema 1. */
  readonly weight?: number;
  /** `ratio`: candidate / baseline. `difference`: candidate - baseline in `unit`, used where zero is normal. */
  readonly effectKind: "ratio" | "difference";
  /** Confidence level of the two-sided interval of the effect. */
  readonly level: number;
  /** Margin in force, as configured. */
  readonly margin: Margin;
  /** Observations per arm. */
  readonly n: PerArm<number>;
  readonly blocks: number;
  readonly method: string;
  readonly warnings: readonly string[];
}

/** JudgedChange is the change of an indicator whose effect was estimated. */
export interface JudgedChange extends ChangedIndicator {
  /** Added with schema 2; `effect` is a number. */
  readonly judged?: true;
  /** Value of each arm in `unit`. */
  readonly baseline: number;
  readonly candidate: number;
  readonly effect: number;
  /** Two-sided interval of the effect at `level`; null where a limit is infinite, which JSON cannot hold. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Margin in force as limits on the scale of the effect, with every allowance that `warnings` names. */
  readonly marginLower: number;
  readonly marginUpper: number;
  readonly change: Change;
  /** One-sided p-value of "worse than the margin", before the correction for several gates. */
  readonly p: number;
  /**
   * p corrected for several indicators: weighted Holm over the gates, Benjamini-Hochberg over the others. A regressed indicator has
   * a value of at most alpha.
   */
  readonly pAdjusted: number;
  /** The interval ends before the harmful margin. A pass requires this of every gate; a possible improvement may stay open. */
  readonly notWorse: boolean;
  /** Smallest harmful change (ratio - 1, or difference) that evidence of this quality finds with probability 0.8. */
  readonly minimumDetectableEffect: number | null;
  /** Minutes of further load of the same kind that would probably decide it; null where it is decided, or where none would. */
  readonly moreMinutes: number | null;
}

/** UnjudgedChange is an indicator without enough data: the fields of a judgement are null, `warnings` say why. */
export interface UnjudgedChange extends ChangedIndicator {
  /** Added with schema 2; `effect` is null. */
  readonly judged?: false;
  readonly baseline: null;
  readonly candidate: null;
  readonly effect: null;
  readonly lower: null;
  readonly upper: null;
  readonly marginLower: null;
  readonly marginUpper: null;
  readonly change: "inconclusive";
  readonly p: null;
  readonly pAdjusted: null;
  readonly notWorse: false;
  readonly minimumDetectableEffect: null;
  readonly moreMinutes: null;
}

/** isRegressed says whether a change is harmful beyond its margin, with its error rate controlled. */
export function isRegressed(change: IndicatorChange): change is JudgedChange {
  return change.change === "regressed";
}

/** Attribution is one finding about the cause of a regression. */
export interface Attribution {
  readonly service: Service;
  readonly layer: Layer | "cannot-tell";
  /** One sentence: step, quantity, statement. */
  readonly text: string;
  readonly statement: string | null;
  /** Candidate minus baseline: per request where `step` names one, else per transaction. */
  readonly addedCalls: number | null;
  readonly addedMs: number | null;
  readonly step?: string;
}

export interface Reason {
  readonly kind: "gate" | "invariant" | "validity" | "evidence";
  readonly text: string;
  readonly indicator: string | null;
}

/** BlindSpot is a part of the target that was not looked at, and what the verdict therefore cannot say. */
export interface BlindSpot extends UnseenPart {
  /** Label for people. */
  readonly label: string;
  /** Labels of the gates that rest on it: taken out beforehand where it was declared, else left without data. */
  readonly gates: readonly string[];
  /** What may escape the verdict. */
  readonly cost: string;
  /** What would let it be seen. */
  readonly remedy: string;
}

/** Evaluation is the verdict on a release and all that it rests on: the JSON contract. It holds no wall-clock time of the judging. */
export interface Evaluation {
  /** 1 is read only. Schema 2 added `judged`, `scenario`, `step` and `quantity` to changes, and the severity `bars-pass`. */
  readonly schemaVersion: 1 | 2;
  readonly verdict: Verdict;
  /** Share of joint resamples in which every gate stays inside its margin; null where nothing could be estimated. */
  readonly confidence: number | null;
  /** One sentence for a leader. */
  readonly summary: string;
  readonly reasons: readonly Reason[];
  readonly next: readonly string[];
  readonly runIds: readonly string[];
  readonly releases: PerArm<Release>;
  readonly load: {
    readonly schedule: Schedule;
    readonly startedAt: string;
    readonly loadMs: number;
    readonly blocks: number;
    readonly blocksLeftOut: number;
    readonly volumes: readonly ServiceVolume[];
  };
  readonly changes: readonly IndicatorChange[];
  readonly attribution: readonly Attribution[];
  /** Behind the regressions; added under schema 1, so a verdict that was stored earlier has none of these three. */
  readonly addedTime?: readonly AddedTime[];
  readonly statements?: readonly StatementChange[];
  readonly errors?: readonly ErrorOrigin[];
  readonly invariants: readonly InvariantResult[];
  readonly validity: readonly ValidityFact[];
  /** Absent where the runs do not say what they did not look at; added under schema 1. */
  readonly unseen?: readonly BlindSpot[];
  readonly inputs: readonly InputHash[];
  readonly policy: Policy;
  readonly method: {
    /** Family-wise error of FAIL over all gates and all looks. */
    readonly alpha: number;
    /** Looks so far, this one included; null where the length was fixed beforehand. */
    readonly looks: number | null;
    /** What this look may spend, of `alpha` and of the policy's `equivalenceAlpha`. */
    readonly alphaAtThisLook: number;
    readonly equivalenceAlphaAtThisLook: number;
    /** What this look and those before it have spent of `alpha`. */
    readonly alphaSpent: number;
    readonly gates: number;
    readonly correction: string;
    readonly resamples: number;
    /** Of peakproof, when it judged; added under schema 1, so a verdict that was stored earlier has none. */
    readonly version?: string;
  };
  readonly seeds: { readonly workload: number; readonly resampling: number };
  readonly timeline: Timeline;
}

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
