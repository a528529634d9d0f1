import type { Layer } from "../service.ts";
import type { Verdict } from "./evaluation.ts";

export const FAULT_SIZES = ["small", "medium", "large"] as const;

export type FaultSize = (typeof FAULT_SIZES)[number];

/** Fault is something that really goes wrong in shops, with a known layer, as a drill puts it into the candidate's arm. */
export interface Fault {
  /** Stable word in kebab-case. */
  readonly id: string;
  readonly title: string;
  /** Where it is; null for a control, which must not fail a release. */
  readonly layer: Layer | null;
  /** By which means it reaches the candidate's arm alone, though the arms share servers and machine. */
  readonly place: string;
  /** What `sizes` count. */
  readonly unit: string;
  /** Null where there is nothing that could be larger. */
  readonly sizes: Readonly<Record<FaultSize, number>> | null;
}

/**
 * DrillOutcome is what came of one fault. One that could not be shown to be in effect before the load, or to be gone after it, is
 * `not-injected`; one whose campaign broke down is `not-measured`. Neither is a finding of the judge.
 */
export type DrillOutcome =
  | {
      readonly kind: "judged";
      readonly verdict: Verdict;
      /** Layer that the verdict names first; null where it does not fail the release. */
      readonly told: Layer | "cannot-tell" | null;
      /** First cause, or first reason, in the words of the verdict. */
      readonly because: string;
      /** Load that the verdict took. */
      readonly loadMs: number;
    }
  | { readonly kind: "not-injected" | "not-measured"; readonly why: string };

/** DrillRow is one fault of a drill, and what the judge said of it. */
export interface DrillRow {
  readonly fault: Fault;
  /** Null for faults without a size. */
  readonly size: FaultSize | null;
  /** How much of it was put in, in `fault.unit`. */
  readonly amount: number | null;
  /** What showed that it was in effect; null where nothing did. */
  readonly proof: string | null;
  /** Time of the row in all, with servers, load and judgement. */
  readonly elapsedMs: number;
  readonly outcome: DrillOutcome;
}

/** DrillScore is the sum of a drill. Faults that could not be injected or measured count as not found. */
export interface DrillScore {
  readonly faults: number;
  readonly detected: number;
  readonly layerRight: number;
  readonly controls: number;
  readonly falseAlarms: number;
  /** Rows, controls included, that came to no judgement. */
  readonly unjudged: number;
  /** Every target is met. */
  readonly isMet: boolean;
}

/** DRILL_TARGETS are the shares from which on the judge is trusted: of the faults, and of those that were detected. */
export const DRILL_TARGETS = { detected: 0.9, layerRight: 0.8 } as const;
