import { type Database, number, orNull, text } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import { candidateHeldUsers, type DisturbanceCode, type Evidence } from "../../domain/judgement/evidence.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { scenarioUnit } from "../../domain/load/scenario-unit.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { BlockSpan } from "../frame/time-axis.ts";
import type { CounterGrowth } from "../series/counters.ts";
import type { RunEvent } from "./event-rules.ts";
import { percent, PRESSURE_COUNTERS } from "./pressure-events.ts";

/** HOST_COUNTERS are the counters from which disturbances are read: the host's counters, and for pressure the arms' traffic. */
export const HOST_COUNTERS: readonly string[] = [
  "cpu_total_ms",
  "cpu_steal_ms",
  "foreign_cpu_ms",
  "loader_cpu_ms",
  ...PRESSURE_COUNTERS,
];

/** Disturbance is a reason why a block may not be used. */
export interface Disturbance {
  readonly block: number;
  readonly code: DisturbanceCode;
  readonly text: string;
}

type Limits = Pick<Policy, "maximumStealRatio" | "maximumForeignCpuRatio" | "maximumLoaderCpuRatio" | "minimumAchievedRatio">;

/** readDisturbances finds disturbed blocks in the readings of the host, in k6's samples and in the events of the runs. */
export async function readDisturbances(
  database: Database,
  tables: Pick<EvidenceTables, "samples">,
  options: {
    growths: readonly CounterGrowth[];
    limits: Limits;
    blocks: readonly BlockSpan[];
    events: readonly RunEvent[];
    completed: Evidence["transactions"];
  },
): Promise<Disturbance[]> {
  const { growths, limits, blocks, events, completed } = options;
  return [
    ...hostDisturbances(growths, limits),
    ...(await missedArrivals(database, tables, { limits, completed })),
    ...blocks.flatMap((span, block) => eventDisturbances(events, span, block)),
  ].sort((a, b) => a.block - b.block);
}

function hostDisturbances(growths: readonly CounterGrowth[], limits: Limits): Disturbance[] {
  const share = (total: CounterGrowth, name: string) => {
    const part = growths.filter((one) => one.name === name && one.run === total.run && one.block === total.block);
    return total.growth > 0 ? part.reduce((sum, { growth }) => sum + growth, 0) / total.growth : 0;
  };
  return growths
    .filter(({ name }) => name === "cpu_total_ms")
    .flatMap((total) =>
      [
        limit(
          "host-steal",
          "of the CPU time were taken by other virtual machines",
          share(total, "cpu_steal_ms"),
          limits.maximumStealRatio,
        ),
        limit(
          "foreign-cpu",
          "of the CPU time went to other programs",
          share(total, "foreign_cpu_ms"),
          limits.maximumForeignCpuRatio,
        ),
        limit(
          "loader-busy",
          "of the CPU time went to the load generator",
          share(total, "loader_cpu_ms"),
          limits.maximumLoaderCpuRatio,
        ),
      ]
        .filter((found) => found !== null)
        .map((found) => ({ ...found, block: total.block })),
    );
}

function limit(code: DisturbanceCode, what: string, share: number, most: number): Omit<Disturbance, "block"> | null {
  return share > most ? { code, text: `${percent(share, 1)} ${what} (limit ${percent(most, 1)})` } : null;
}

/**
 * Arrivals for which k6 had no free virtual user: the load of the block was below the plan. Where a slow candidate kept the users
 * busy, the candidate caused the missed arrivals, and the blocks in which it was slow are not left out.
 */
async function missedArrivals(
  database: Database,
  { samples }: Pick<EvidenceTables, "samples">,
  { limits, completed }: { limits: Limits; completed: Evidence["transactions"] },
): Promise<Disturbance[]> {
  const rows = await database.rows(
    sql`select block, scenario, coalesce(sum(value) filter (metric = 'dropped_iterations'), 0) as dropped,
      count(*) filter (metric = 'peakproof_transaction') as started
    from ${samples} where block is not null and metric in ('dropped_iterations', 'peakproof_transaction')
    group by block, scenario order by block, scenario`,
    { block: number, scenario: orNull(text), dropped: number, started: number },
  );
  const most = 1 - limits.minimumAchievedRatio;
  const blocks = [...new Set(rows.map(({ block }) => block))];
  return blocks
    .map((block) => {
      const own = rows.filter((row) => row.block === block);
      const started = own.reduce((total, row) => total + row.started, 0);
      const dropped = own
        .filter(({ scenario }) => !candidateHeldUsers(completed, scenarioUnit(scenario ?? "").service))
        .reduce((total, row) => total + row.dropped, 0);
      return { block, share: dropped > 0 ? dropped / (dropped + started) : 0 };
    })
    .filter(({ share }) => share > most)
    .map(({ block, share }) => ({
      block,
      code: "arrivals-missed" as const,
      text: `${percent(share, 1)} of the arrivals were dropped (limit ${percent(most, 1)})`,
    }));
}

function eventDisturbances(events: readonly RunEvent[], span: BlockSpan, block: number): Disturbance[] {
  return events
    .filter(({ run }) => span.runs.includes(run))
    .filter(({ atMs, durationMs }) => atMs < span.toMs && atMs + (durationMs ?? 0) >= span.fromMs)
    .flatMap(({ disturbs, label }) => (disturbs === null ? [] : [{ block, code: disturbs, text: label }]));
}
