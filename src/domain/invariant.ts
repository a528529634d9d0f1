import type { Arm } from "./arm.ts";

/** InvariantResult is one business rule checked after the load in one arm's database. */
export interface InvariantResult {
  /** Stable word, such as `import-exactly-once`. */
  readonly id: string;
  readonly arm: Arm;
  readonly label: string;
  readonly status: "intact" | "broken" | "not-checked";
  /** How many records were looked at, and how many broke the rule. */
  readonly checked: number;
  readonly violations: number;
  /** Up to ten records that broke the rule, named as a person would look them up. */
  readonly examples: readonly string[];
}
