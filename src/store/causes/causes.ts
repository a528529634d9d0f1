import type { CauseEvidence } from "../../domain/cause-evidence.ts";
import type { Span } from "../evidence/cut-blocks.ts";
import type { Database } from "../files/database.ts";
import { readCounterGrowth } from "../series/counter-series.ts";
import { ARM_COUNTERS, readArmTimes } from "./arm-times.ts";
import { ODOO_SIGNALS, signalsOf } from "./odoo-signals.ts";
import { REDIS_COUNTERS, redisUses } from "./redis-uses.ts";
import { loadSentSteps, readStepOutcomes } from "./sent-steps.ts";
import { readStepTimes } from "./step-times.ts";
import { loadWorkerWaits } from "./worker-waits.ts";

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
