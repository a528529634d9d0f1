/** ErrorCode is the class of a failure that the user can fix; it determines the exit code. */
export type ErrorCode = "usage" | "cannot-measure" | "interrupted";

/** HarnessError is a failure that the user can fix: what happened, and what to do. Any other error is a bug. */
export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  /** Keys of the config that lead to the wrong value; null where the config is not the cause. */
  readonly place: readonly string[] | null;

  constructor(code: ErrorCode, message: string, options: { hint: string; cause?: unknown; place?: readonly string[] }) {
    super(message, { cause: options.cause });
    this.name = "HarnessError";
    this.code = code;
    this.hint = options.hint;
    this.place = options.place ?? null;
  }
}
