import type { Outcome } from "./plan.ts";

/** StepFailure ends a transaction: the step's answer was not what it must be. Anything else thrown is a fault of the script. */
export class StepFailure extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome, message: string) {
    super(message);
    this.name = "StepFailure";
    this.outcome = outcome;
  }
}

/** findOutcome classifies whatever a step or a transaction has thrown. */
export function findOutcome(error: unknown): Outcome {
  return error instanceof StepFailure ? error.outcome : "script";
}

/** refuse ends the step with a failed assertion on an answer that arrived in good order. */
export function refuse(text: string): never {
  throw new StepFailure("application", text);
}
