import type { Layer } from "../service.ts";
import type { Verdict } from "./evaluation.ts";

export const FAULT_SIZES = ["small", "medium", "large"] as const;

export type FaultSize = (typeof FAULT_SIZES)[number];

/** Fault is a fault that occurs in real shops, with a known layer, which a drill injects into the arm of the candidate. */
export interface Fault {
  /** Stable word in kebab-case. */
  readonly id: string;
  readonly title: string;
  /** Layer of the fault; null for a control, which must not fail a release. */
  readonly layer: Layer | null;
  /** How the fault affects only the arm of the candidate, although the arms share servers and machine. */
  readonly place: string;
  /** Unit of `sizes`. */
  readonly unit: string;
  /** Null for a fault without a size. */
  readonly sizes: Readonly<Record<FaultSize, number>> | null;
}

/**
 * DrillOutcome is the result of one fault. A fault that was not shown to be in effect before the load, or to be removed after it, is
 * `not-injected`; a fault whose campaign ended with an error is `not-measured`. Neither is a finding of the judge.
 */
export type DrillOutcome =
  | {
      readonly kind: "judged";
      readonly verdict: Verdict;
      /** Layer that the verdict names first; null where the verdict is not FAIL. */
      readonly reportedLayer: Layer | "cannot-tell" | null;
      /** Text of the first cause of the verdict, or of its first reason. */
      readonly because: string;
      /** Duration of the load, in ms. */
      readonly loadMs: number;
    }
  | { readonly kind: "not-injected" | "not-measured"; readonly why: string };

/** DrillRow is one fault of a drill and its outcome. */
export interface DrillRow {
  readonly fault: Fault;
  /** Null for faults without a size. */
  readonly size: FaultSize | null;
  /** Injected amount, in `fault.unit`. */
  readonly amount: number | null;
  /** Measurement that showed the fault in effect; null where none did. */
  readonly proof: string | null;
  /** Total time of the row, with servers, load and judgement. */
  readonly elapsedMs: number;
  readonly outcome: DrillOutcome;
}

/** DrillScore is the result of a drill. Faults that could not be injected or measured count as not found. */
export interface DrillScore {
  readonly faults: number;
  readonly detected: number;
  readonly layerRight: number;
  readonly controls: number;
  readonly falseAlarms: number;
  /** Rows without a judgement, controls included. */
  readonly unjudged: number;
  /** Every target is met. */
  readonly isMet: boolean;
}

/** DRILL_TARGETS are the least shares for a successful drill: detected faults of all faults, right layers of the detected faults. */
export const DRILL_TARGETS = { detected: 0.9, layerRight: 0.8 } as const;
