import type { Finding } from "../../domain/target/finding.ts";

/** good returns a finding without a problem. */
export function good(name: string, text: string): Finding {
  return { name, ok: true, needed: true, text, remedy: "" };
}

/** blocking returns a finding with which a run is refused. */
export function blocking(name: string, text: string, remedy: string): Finding {
  return { name, ok: false, needed: true, text, remedy };
}

/** poorer returns a finding with which a run is possible but measures less. */
export function poorer(name: string, text: string, remedy: string): Finding {
  return { name, ok: false, needed: false, text, remedy };
}

/**
 * reasonOf returns the message of an error or of its cause. An AggregateError without a message, as from a connection to several
 * addresses, has its reasons inside.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map((one) => reasonOf(one)).join("; ");
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
