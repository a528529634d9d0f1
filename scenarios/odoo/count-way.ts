import type { Step } from "../lib/step.ts";
import type { Counted } from "./stock-levels.ts";

/** CountRequest is many counts at once, under a reference that their moves bear. */
interface CountRequest extends Counted {
  readonly reference: string;
}

/** CountWay is one way of counting: the counts are handed over first, and nothing is moved before they are applied. */
export interface CountWay {
  /** The model that holds a handed count. */
  readonly model: string;
  handOver(step: Step, request: CountRequest): HandedCount;
  apply(step: Step, request: CountRequest, handed: HandedCount): void;
}

interface HandedCount {
  /** Records that hold the counts. */
  readonly ids: readonly number[];
  /** The record that bears the reference; null where none does yet. */
  readonly id: number | null;
}
