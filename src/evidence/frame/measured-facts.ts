import { type Database, text } from "../../bundle/files/database.ts";
import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import { TARGET_PARTS, type TargetPart, type UnseenPart } from "../../domain/target/target.ts";
import { runsOfFirstLook, sumVolumes } from "./releases.ts";

/** Not a probe's reading but k6's: the transactions that ended well. */
export const COMPLETED = "completed_transactions";

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

/**
 * unseenInRuns joins what the runs did not look at; null where some do not say. A part counts as declared only where every run
 * declared it: one run that looked, or should have, keeps the gates that rest on the part.
 */
export function unseenInRuns(runs: readonly Pick<ComparedRun, "manifest">[]): readonly UnseenPart[] | null {
  const lists = runs.flatMap(({ manifest }) => (manifest.unseen === undefined ? [] : [manifest.unseen]));
  if (lists.length < runs.length) return null;
  return TARGET_PARTS.flatMap((part) => {
    const found = lists.flatMap((list) => list.find((unseen) => unseen.part === part) ?? []);
    if (found.length === 0) return [];
    return [{ part, declared: found.length === lists.length && found.every(({ declared }) => declared) }];
  });
}
