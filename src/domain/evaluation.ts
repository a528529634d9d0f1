import type { AddedTime, ErrorOrigin, StatementChange } from "./added-time.ts";
import type { PerArm } from "./arm.ts";
import type { ValidityFact } from "./evidence.ts";
import type { IndicatorKind, Margin } from "./indicator.ts";
import type { InvariantResult } from "./invariant.ts";
import type { Policy } from "./policy.ts";
import type { Release } from "./release.ts";
import type { InputHash, Schedule, ServiceVolume } from "./run.ts";
import type { Layer, Service } from "./service.ts";
import type { Timeline } from "./timeline.ts";
import type { UnseenPart } from "./target-part.ts";

export type Change = "improved" | "equivalent" | "regressed" | "inconclusive";

export type Verdict = "pass" | "fail" | "inconclusive";

/** IndicatorChange is the judgement of one indicator. Every number in a report comes from one of these fields. */
export interface IndicatorChange {
  readonly indicator: string;
  readonly label: string;
  readonly service: Service;
  readonly layer: Layer;
  readonly kind: IndicatorKind;
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly gate: boolean;
  /** Of gates alone: their part of alpha, against the weights of the other gates; added under schema 1. */
  readonly weight?: number;
  /** Value of each arm in `unit`; null where it could not be estimated. */
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** `ratio`: candidate / baseline. `difference`: candidate - baseline in `unit`, used where zero is normal. */
  readonly effectKind: "ratio" | "difference";
  readonly effect: number | null;
  /** Two-sided interval of the effect at `level`. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly level: number;
  /** Margin in force, as configured, and as limits on the scale of the effect. */
  readonly margin: Margin;
  readonly marginLower: number | null;
  readonly marginUpper: number | null;
  readonly change: Change;
  /** One-sided p-value of "worse than the margin", before the correction for several gates; null where not computed. */
  readonly p: number | null;
  /** p corrected for several indicators: weighted Holm over the gates, Benjamini-Hochberg over the others. Regressed means it is at most alpha. */
  readonly pAdjusted: number | null;
  /** The interval ends before the harmful margin. A pass needs this of every gate: how much better it may be can stay open. */
  readonly notWorse: boolean;
  /** Observations per arm. */
  readonly n: PerArm<number>;
  readonly blocks: number;
  readonly method: string;
  /** Smallest harmful change (ratio - 1, or difference) that this much evidence finds with probability 0.8. */
  readonly minimumDetectableEffect: number | null;
  /** Minutes of further load of the same kind that would probably decide it; null where it is decided or unknowable. */
  readonly moreMinutes: number | null;
  readonly warnings: readonly string[];
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
  readonly schemaVersion: 1;
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
