/** ErrorCode sorts failures the user can act on by the exit code that they end in. */
export type ErrorCode = "usage" | "cannot-measure" | "interrupted";

/** HarnessError is a failure the user can act on: what happened, and what to do. Anything else that is thrown is a bug. */
export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  /** Keys of the config that lead to what is wrong, where it is the config. */
  readonly place: readonly string[] | null;

  constructor(code: ErrorCode, message: string, options: { hint: string; cause?: unknown; place?: readonly string[] }) {
    super(message, { cause: options.cause });
    this.name = "HarnessError";
    this.code = code;
    this.hint = options.hint;
    this.place = options.place ?? null;
  }
}
