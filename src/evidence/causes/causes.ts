import type { Database } from "../../bundle/files/database.ts";
import { ARMS } from "../../domain/arm.ts";
import type { CauseEvidence, OdooSignal, RedisUse } from "../../domain/judgement/causes.ts";
import type { Span } from "../frame/time-axis.ts";
import { type CounterGrowth, readCounterGrowth } from "../series/counters.ts";
import { ARM_COUNTERS, readArmTimes } from "./arm-times.ts";
import { loadSentSteps, loadWorkerWaits, readStepOutcomes, readStepTimes } from "./step-times.ts";

/** readCauses reads what causes are told from. Needs the tables that readSeries leaves behind. */
export async function readCauses(database: Database, blocks: readonly Span[]): Promise<CauseEvidence> {
  await loadSentSteps(database);
  await loadWorkerWaits(database);
  const growths = await readCounterGrowth(database, [...ARM_COUNTERS, ...REDIS_COUNTERS, ...ODOO_SIGNALS]);
  return {
    stepTimes: await readStepTimes(database),
    armTimes: await readArmTimes(database, growths, blocks),
    redis: redisUses(growths),
    outcomes: await readStepOutcomes(database),
    signals: signalsOf(growths),
  };
}

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

/** REDIS_COUNTERS are what tells a slow Redis, and one that loses sessions. */
export const REDIS_COUNTERS = ["command_us", "evicted_keys", "rejected_connections"] as const;

/** redisUses adds up what each Redis did: one that both arms share, or one of either arm. */
export function redisUses(growths: readonly CounterGrowth[]): RedisUse[] {
  return [null, ...ARMS].flatMap((arm) => {
    const own = growths.filter(({ side, name }) => side === arm && REDIS_COUNTERS.some((counter) => counter === name));
    if (own.length === 0) return [];
    const total = (counter: (typeof REDIS_COUNTERS)[number]) =>
      own.reduce((sum, { name, growth }) => sum + (name === counter ? growth : 0), 0);
    return [
      {
        arm,
        commandMs: total("command_us") / 1000,
        evictedKeys: total("evicted_keys"),
        rejectedConnections: total("rejected_connections"),
      },
    ];
  });
}
