import { HarnessError } from "../../domain/error.ts";
import type { ScenarioLoad, ScenarioName, Workload } from "../../domain/load/plan.ts";
import { durationMs } from "./duration.ts";
import type { WorkloadConfig } from "./schema.ts";

/** resolveWorkload turns the workload of the config into the domain's words; `load` may be overridden from the command line. */
export function resolveWorkload(config: WorkloadConfig, load: string | undefined): Workload {
  const { checkout, "stock-sync": sync, "order-import": orders, "picking-wave": waves, "store-orders": bursts } = config;
  const scenarios: Partial<Record<ScenarioName, ScenarioLoad>> = {};
  if (checkout !== undefined) scenarios.checkout = { perMinute: checkout.checkoutsPerMinute, size: checkout.productsPerCart };
  if (sync !== undefined) scenarios["stock-sync"] = { perMinute: sync.syncsPerMinute, size: sync.skusPerSync };
  if (orders !== undefined) scenarios["order-import"] = { perMinute: orders.ordersPerMinute, size: orders.linesPerOrder };
  if (waves !== undefined) scenarios["picking-wave"] = { perMinute: waves.wavesPerMinute, size: waves.pickingsPerWave };
  if (bursts !== undefined) scenarios["store-orders"] = { perMinute: bursts.burstsPerMinute, size: bursts.ordersPerBurst };
  if (Object.keys(scenarios).length === 0) {
    throw new HarnessError("usage", "the workload names no scenario", {
      hint: "Give at least one of checkout, stock-sync, order-import, picking-wave, store-orders under `workload`.",
    });
  }
  return { loadMs: duration(load ?? config.load), warmupMs: duration(config.warmup), scenarios };
}

function duration(text: string): number {
  const ms = durationMs(text);
  if (ms === null) {
    throw new HarnessError("usage", `\`${text}\` is not a duration`, { hint: "Write 90s, 4m or 1h." });
  }
  return ms;
}
