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
  /** One sentence with step, quantity and statement. */
  readonly text: string;
  readonly statement: string | null;
  /** Candidate minus baseline: per request where `step` names one, else per transaction. */
  readonly addedCalls: number | null;
  readonly addedMs: number | null;
  readonly step?: string;
}

/** Reason is one reason of the verdict; `indicator` is the id of a gate or of a business rule, else null. */
export interface Reason {
  readonly kind: "gate" | "invariant" | "validity" | "evidence";
  readonly text: string;
  readonly indicator: string | null;
}

/** BlindSpot is an unseen part of the target, and the limit of the verdict that follows. */
export interface BlindSpot extends UnseenPart {
  /** Label for people. */
  readonly label: string;
  /** Labels of the gates that need the part: removed before the load where it was declared, else left without data. */
  readonly gates: readonly string[];
  /** Regressions that the verdict may miss. */
  readonly cost: string;
  /** How to make the part visible. */
  readonly remedy: string;
}

/** Evaluation is the verdict on a release with everything behind it: the JSON contract. It holds no time of the judging. */
export interface Evaluation {
  /** 1 is read only. Schema 2 added `judged`, `scenario`, `step` and `quantity` to changes, and the severity `bars-pass`. */
  readonly schemaVersion: 1 | 2;
  readonly verdict: Verdict;
  /** Share of joint resamples in which no gate exceeds its harmful margin; null where a gate has no estimate. */
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
  /** Causes of the regressions; these three fields were added under schema 1, so older verdicts lack them. */
  readonly addedTime?: readonly AddedTime[];
  readonly statements?: readonly StatementChange[];
  readonly errors?: readonly ErrorOrigin[];
  readonly invariants: readonly InvariantResult[];
  readonly validity: readonly ValidityFact[];
  /** Absent where the runs do not name their unseen parts; added under schema 1. */
  readonly unseen?: readonly BlindSpot[];
  readonly inputs: readonly InputHash[];
  readonly policy: Policy;
  readonly method: {
    /** Family-wise error of FAIL over all gates and all looks. */
    readonly alpha: number;
    /** Looks so far, this one included; null where the length was fixed beforehand. */
    readonly looks: number | null;
    /** Error rates that this look spends, of `alpha` and of `equivalenceAlpha` of the policy. */
    readonly alphaAtThisLook: number;
    readonly equivalenceAlphaAtThisLook: number;
    /** Part of `alpha` that this look and all looks before it have spent. */
    readonly alphaSpent: number;
    readonly gates: number;
    readonly correction: string;
    readonly resamples: number;
    /** Version of peakproof that judged; added under schema 1, so older verdicts lack it. */
    readonly version?: string;
  };
  readonly seeds: { readonly workload: number; readonly resampling: number };
  readonly timeline: Timeline;
}

/** TimePart is one part of the time of a request. */
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

/** PART_WORDS name the parts in sentences, after a number of milliseconds. */
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
  /** One standard error of `addedMs`, from blocks; null for a remainder. */
  readonly standardError: number | null;
  /** `step`: measured for the step. `arm`: the share of the step in a time of the whole arm. */
  readonly known: "step" | "arm";
}

/** AddedTime is the added time of one step in ms per successful request, split into parts that add up to it. */
export interface AddedTime {
  readonly step: string;
  readonly scenario: string;
  readonly service: Service;
  /** Mean time of a successful request at the client, from its intended start. */
  readonly baselineMs: number;
  readonly candidateMs: number;
  readonly addedMs: number;
  readonly standardError: number;
  readonly parts: readonly AddedPart[];
  /** Share of the added time in parts that stand out from their own noise. */
  readonly explained: number;
  /** Where most of the explained time is; `cannot-tell` where less than half of it is explained. */
  readonly layer: Layer | "cannot-tell";
  /** Data that was not measured and would explain more. */
  readonly missing: readonly string[];
}

/** StatementChange is the use of one normalised SQL statement in each arm, per transaction of the whole arm. */
export interface StatementChange {
  readonly statement: string;
  readonly tables: readonly string[];
  readonly calls: PerArm<number>;
  readonly execMs: PerArm<number>;
  readonly rows: PerArm<number>;
  readonly blocks: PerArm<number>;
  readonly walBytes: PerArm<number>;
}

/** ErrorOrigin counts the failed requests of one step with one origin. */
export interface ErrorOrigin {
  readonly step: string;
  readonly service: Service;
  /** `ingress`, `foreign`, `application`, `session`, `conflict` or `script`, as the scenario found it. */
  readonly outcome: string;
  readonly layer: Layer;
  readonly failed: PerArm<number>;
  readonly requests: PerArm<number>;
}
