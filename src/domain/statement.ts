import type { Arm } from "./arm.ts";

/** StatementUse is what one normalised SQL statement did in one arm's database while the load ran (pg_stat_statements delta). */
export interface StatementUse {
  readonly arm: Arm;
  /** Normalised text: parameters as $n, lists folded to `IN (...)`, white space folded. */
  readonly statement: string;
  readonly calls: number;
  readonly execMs: number;
  readonly rows: number;
  readonly blocks: number;
  readonly walBytes: number;
}
