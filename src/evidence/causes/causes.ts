import type { Database } from "../../bundle/duckdb/database.ts";
import { ARMS } from "../../domain/arm.ts";
import type { CauseEvidence, OdooSignal, RedisUse } from "../../domain/judgement/causes.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { Span } from "../frame/time-axis.ts";
import type { CounterGrowth } from "../series/counters.ts";
import type { RequestTables } from "../series/request-tables.ts";
import { ARM_COUNTERS, readArmTimes } from "./arm-times.ts";
import { loadSentSteps, readStepOutcomes, readStepTimes } from "./step-times.ts";

/** Signals that explain slow or failed requests: lines of Odoo's log, and new workers in its process tree. */
const ODOO_SIGNALS = [
  "worker_kills",
  "registry_reloads",
  "serialization_retries",
  "connections_refused",
  "odoo_worker_starts",
] as const;

/** Counters that show a slow Redis, and a Redis that loses sessions. */
const REDIS_COUNTERS = ["command_us", "evicted_keys", "rejected_connections"] as const;

/** CAUSE_COUNTERS are the counters that readCauses needs. */
export const CAUSE_COUNTERS: readonly string[] = [...ARM_COUNTERS, ...REDIS_COUNTERS, ...ODOO_SIGNALS];

/** readCauses reads the data from which causes are derived. */
export async function readCauses(
  database: Database,
  tables: EvidenceTables & RequestTables,
  { growths, blocks }: { growths: readonly CounterGrowth[]; blocks: readonly Span[] },
): Promise<CauseEvidence> {
  const sent = await loadSentSteps(database, tables);
  return {
    stepTimes: await readStepTimes(database, tables, sent),
    armTimes: await readArmTimes(database, { ...tables, sent }, { growths, blocks }),
    redis: redisUses(growths),
    outcomes: await readStepOutcomes(database, sent),
    signals: signalsOf(growths),
  };
}

/** Counts the signals of each arm that occurred during the load. */
function signalsOf(growths: readonly CounterGrowth[]): OdooSignal[] {
  return ARMS.flatMap((arm) =>
    ODOO_SIGNALS.map((signal) => {
      const own = growths.filter((growth) => growth.arm === arm && growth.name === signal);
      return { arm, signal, count: Math.round(own.reduce((sum, { growth }) => sum + growth, 0)) };
    }).filter(({ count }) => count > 0),
  );
}

/** Adds up the work of each Redis: one that both arms share, or one for each arm. */
function redisUses(growths: readonly CounterGrowth[]): RedisUse[] {
  return [null, ...ARMS].flatMap((arm) => {
    const own = growths.filter((growth) => growth.arm === arm && REDIS_COUNTERS.some((counter) => counter === growth.name));
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
