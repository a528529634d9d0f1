import type { Arm } from "../domain/arm.ts";
import type { Reading } from "../domain/reading.ts";
import { type OdooRequest, parseLogEvent, signalOf } from "./log-line.ts";
import { normaliseRoute } from "./route.ts";

/** requestReadings are the readings of one request in Odoo's log: its statements, SQL time and Python time. */
export function requestReadings(request: OdooRequest, arm: Arm | null): readonly Reading[] {
  const { timeMs, path, method, status, pid } = request;
  // The worker identifies the first use of a step, whose caches are cold.
  const labels = { route: normaliseRoute(path), method, status: String(status), worker: String(pid) };
  const values = [
    ["request_statements", request.statements],
    ["request_sql_ms", request.sqlMs],
    ["request_python_ms", request.pythonMs],
  ] as const;
  return values.flatMap(([name, value]) => (value === null ? [] : [{ timeMs, arm, probe: "odoo", name, labels, value }]));
}

/**
 * retryReadings is one reading for each retry. Only its worker and its time identify the request that ran its statements again.
 */
export function retryReadings(line: string, arm: Arm | null): readonly Reading[] {
  const event = parseLogEvent(line);
  if (event === null || signalOf(event) !== "serialization_retries") return [];
  const { timeMs, pid } = event;
  return [{ timeMs, arm, probe: "odoo", name: "serialization_retry", labels: { worker: String(pid) }, value: 1 }];
}
