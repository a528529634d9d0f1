import type { Finding } from "../../domain/target/finding.ts";

/** good is a finding that is as it should be. */
export function good(name: string, text: string): Finding {
  return { name, ok: true, needed: true, text, remedy: "" };
}

/** blocking is a finding that a run refuses. */
export function blocking(name: string, text: string, remedy: string): Finding {
  return { name, ok: false, needed: true, text, remedy };
}

/** poorer is a finding that a run can live with. */
export function poorer(name: string, text: string, remedy: string): Finding {
  return { name, ok: false, needed: false, text, remedy };
}

/** reasonOf is the message of whatever was thrown; a connection that tried several addresses has its reasons inside. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map((one) => reasonOf(one)).join("; ");
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
