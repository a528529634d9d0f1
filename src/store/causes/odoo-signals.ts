import { ARMS } from "../../domain/arm.ts";
import type { OdooSignal } from "../../domain/cause-evidence.ts";
import type { CounterGrowth } from "../series/counter-series.ts";

/** ODOO_SIGNALS explain slow or failed requests: lines of Odoo's log, and new workers in its process tree. */
export const ODOO_SIGNALS = [
  "worker_kills",
  "registry_reloads",
  "serialization_retries",
  "connections_refused",
  "odoo_worker_starts",
] as const;

/** signalsOf counts the signals of each arm that came up during the load. */
export function signalsOf(growths: readonly CounterGrowth[]): OdooSignal[] {
  return ARMS.flatMap((arm) =>
    ODOO_SIGNALS.map((signal) => ({
      arm,
      signal,
      count: Math.round(
        growths.filter(({ side, name }) => side === arm && name === signal).reduce((sum, { growth }) => sum + growth, 0),
      ),
    })).filter(({ count }) => count > 0),
  );
}
