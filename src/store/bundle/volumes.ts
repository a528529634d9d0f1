import type { ServiceVolume } from "../../domain/run.ts";
import type { Database } from "../files/database.ts";
import { number, text } from "../files/database.ts";
import { scenarioUnit } from "./scenario-unit.ts";

/** PlannedVolume is how many transactions of a scenario were planned for the measured load, both arms together. */
export interface PlannedVolume {
  readonly scenario: string;
  readonly planned: number;
}

/**
 * measureVolumes counts what became of the planned load in [fromMs, toMs): transactions by their intended start, dropped
 * arrivals by their time. What was planned and left no trace was interrupted.
 */
export async function measureVolumes(
  database: Database,
  options: { samples: string; planned: readonly PlannedVolume[] | null; fromMs: number; toMs: number },
): Promise<ServiceVolume[]> {
  const { samples, planned, fromMs, toMs } = options;
  const inside = (time: string) => `${time} >= ${fromMs} and ${time} < ${toMs}`;
  const found = await database.rows(
    `select scenario,
      count(*) filter (metric = 'peakproof_transaction' and outcome = 'ok' and ${inside(`"timeMs" - value`)})::DOUBLE as achieved,
      count(*) filter (metric = 'peakproof_transaction' and outcome <> 'ok' and ${inside(`"timeMs" - value`)})::DOUBLE as failed,
      coalesce(sum(value) filter (metric = 'dropped_iterations' and ${inside(`"timeMs"`)}), 0)::DOUBLE as dropped
    from ${samples} where scenario is not null group by scenario order by scenario`,
    { scenario: text, achieved: number, failed: number, dropped: number },
  );
  const names = [...new Set([...(planned ?? []), ...found].map(({ scenario }) => scenario))].sort();
  return names.map((scenario) => {
    const counted = found.find((row) => row.scenario === scenario) ?? { achieved: 0, failed: 0, dropped: 0 };
    const plan = planned?.find((row) => row.scenario === scenario)?.planned ?? null;
    const { achieved, failed, dropped } = counted;
    // Rounding down: a fraction of an arrival at the edge of the load is not an interrupted transaction.
    const interrupted = plan === null ? 0 : Math.max(0, Math.floor(plan) - achieved - failed - dropped);
    return { ...scenarioUnit(scenario), scenario, planned: plan, achieved, failed, dropped, interrupted };
  });
}
