import type { Arm } from "../../domain/arm.ts";
import { ARMS } from "../../domain/arm.ts";
import type { TargetPart } from "../../domain/target-part.ts";
import type { Database } from "../files/database.ts";
import { text } from "../files/database.ts";
import { COMPLETED } from "../series/ratio-series.ts";
import { runsOfFirstLook } from "./campaign-rounds.ts";
import type { ComparedRun } from "./compared-runs.ts";
import { sumVolumes } from "./compared-releases.ts";
import { unseenInRuns } from "./unseen-in-runs.ts";

/** MeasuredFacts say what was measured, so that indicators can be chosen for it. */
export interface MeasuredFacts {
  readonly scenarios: readonly string[];
  readonly steps: readonly string[];
  /** Names of readings; `completed_transactions` is k6's own count and is there whenever transactions are. */
  readonly readings: readonly string[];
  /** Names of k6's metrics. */
  readonly metrics: readonly string[];
  /** True where every run came from foreign results. */
  readonly imported: boolean;
  /** Transactions planned for each arm by scenario, up to the first look. */
  readonly plannedPerArm: Readonly<Record<string, number>>;
  readonly arms: readonly Arm[];
  /** Parts of the target that were declared out of sight before the load. */
  readonly unseen: readonly TargetPart[];
}

/** readMeasuredFacts asks the tables of the evidence what they hold. */
export async function readMeasuredFacts(database: Database, runs: readonly ComparedRun[]): Promise<MeasuredFacts> {
  const distinct = async (column: string, from: string) => {
    const rows = await database.rows(`select distinct ${column} as name from ${from} order by name`, { name: text });
    return rows.map(({ name }) => name);
  };
  const transactions = await distinct("scenario", "transactions where scenario is not null");
  const planned = sumVolumes(runsOfFirstLook(runs)).flatMap((volume) =>
    volume.planned === null ? [] : [[volume.scenario, volume.planned / 2] as const],
  );
  const sides = await distinct("side", "samples where side is not null");
  return {
    scenarios: [...new Set([...transactions, ...planned.map(([scenario]) => scenario)])].sort(),
    steps: await distinct("step", "samples where metric = 'peakproof_step' and step is not null and side is not null"),
    readings: [...(await distinct("name", "readings")), ...(transactions.length > 0 ? [COMPLETED] : [])].sort(),
    metrics: await distinct("metric", "samples where side is not null"),
    imported: runs.every(({ manifest }) => manifest.status === "imported"),
    plannedPerArm: Object.fromEntries(planned),
    arms: ARMS.filter((arm) => sides.includes(arm)),
    unseen: (unseenInRuns(runs) ?? []).flatMap(({ part, declared }) => (declared ? [part] : [])),
  };
}
