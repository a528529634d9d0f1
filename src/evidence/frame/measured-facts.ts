import { type Database, text } from "../../bundle/duckdb/database.ts";
import { columnName, type Sql, sql } from "../../bundle/duckdb/sql.ts";
import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import { TARGET_PARTS, type TargetPart, type UnseenPart } from "../../domain/target/target.ts";
import { runsOfFirstLook, sumVolumes } from "./releases.ts";
import type { EvidenceTables } from "./tables.ts";

/** COMPLETED is a reading that k6 provides instead of a probe: the successful transactions. */
export const COMPLETED = "completed_transactions";

/** MeasuredFacts describe what was measured, so that indicators can be chosen. */
export interface MeasuredFacts {
  readonly scenarios: readonly string[];
  readonly steps: readonly string[];
  /** Names of readings. `completed_transactions` is k6's count and is present whenever there are transactions. */
  readonly readings: readonly string[];
  /** Names of k6's metrics. */
  readonly metrics: readonly string[];
  /** True where every run came from foreign results. */
  readonly imported: boolean;
  /** Transactions planned for each arm by scenario, up to the first look. */
  readonly plannedPerArm: Readonly<Record<string, number>>;
  readonly arms: readonly Arm[];
  /** Parts of the target that were declared unseen before the load. */
  readonly unseen: readonly TargetPart[];
}

/** readMeasuredFacts lists the contents of the tables of the evidence. */
export async function readMeasuredFacts(
  database: Database,
  { samples, transactions, readings }: EvidenceTables,
  runs: readonly ComparedRun[],
): Promise<MeasuredFacts> {
  const distinct = async (column: string, from: Sql) => {
    const rows = await database.rows(sql`select distinct ${columnName(column)} as name from ${from} order by name`, {
      name: text,
    });
    return rows.map(({ name }) => name);
  };
  const performed = await distinct("scenario", sql`${transactions} where scenario is not null`);
  const planned = sumVolumes(runsOfFirstLook(runs)).flatMap((volume) =>
    volume.planned === null ? [] : [[volume.scenario, volume.planned / 2] as const],
  );
  const arms = await distinct("arm", sql`${samples} where arm is not null`);
  return {
    scenarios: [...new Set([...performed, ...planned.map(([scenario]) => scenario)])].sort(),
    steps: await distinct("step", sql`${samples} where metric = 'peakproof_step' and step is not null and arm is not null`),
    readings: [...(await distinct("name", sql`${readings}`)), ...(performed.length > 0 ? [COMPLETED] : [])].sort(),
    metrics: await distinct("metric", sql`${samples} where arm is not null`),
    imported: runs.every(({ manifest }) => manifest.status === "imported"),
    plannedPerArm: Object.fromEntries(planned),
    arms: ARMS.filter((arm) => arms.includes(arm)),
    unseen: (unseenInRuns(runs) ?? []).flatMap(({ part, declared }) => (declared ? [part] : [])),
  };
}

/**
 * unseenInRuns lists the parts of the target that some run did not observe; null where a run does not list its parts. A part
 * counts as declared only where every run declared it: one run that observed the part, or should have, keeps the gates that
 * depend on it.
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
