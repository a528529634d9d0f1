import type { AccessLogLine } from "./access-log-line.ts";

/** Odoo's core never answers these (503 only on its websocket route): a proxy that gets no answer does. */
const TRANSPORT: ReadonlySet<number> = new Set([499, 502, 504]);

/**
 * failureMaker says who made a failed answer; null for an answer that is none. The status of the server alone does not tell it:
 * Traefik writes its own 502 and 504 into that field as well.
 */
export function failureMaker({ status, asked }: Pick<AccessLogLine, "status" | "asked">): "ingress" | "application" | null {
  if (status < 400) return null;
  if (!asked || TRANSPORT.has(status)) return "ingress";
  // 4xx of Odoo are answers to what was asked, and judged by the scenario.
  return status >= 500 ? "application" : null;
}
