import { type Arm, ARMS } from "../../domain/arm.ts";
import type { ValidityFact } from "../../domain/evidence.ts";
import type { BlockSpan } from "../evidence/cut-blocks.ts";
import type { Database } from "../files/database.ts";
import { number, text } from "../files/database.ts";
import type { Disturbance } from "./disturbances.ts";
import { type ArmLevels, type BlockLevel, warmUpOf } from "./warm-up-rule.ts";

/** WarmUp is what the latencies say about the beginning of the load: blocks that are not to be used, and what else was seen. */
export interface WarmUp {
  readonly disturbances: readonly Disturbance[];
  readonly facts: readonly ValidityFact[];
}

/**
 * findWarmUpEnd finds out where the warm-up of each run ended, from the latencies of whole transactions.
 *
 * Each transaction counts with its distance from the median of its own scenario and arm, so that neither the mix of scenarios nor
 * a slower candidate looks like a warm-up.
 */
export async function findWarmUpEnd(database: Database, blocks: readonly BlockSpan[]): Promise<WarmUp> {
  const levels = await readLevels(database);
  const disturbances: Disturbance[] = [];
  const facts: ValidityFact[] = [];
  for (const places of stretchesOf(blocks)) {
    const found = warmUpOf(armLevels(levels, places));
    if (found.kind === "warming") {
      const why = `still warming up: latencies were ${percent(found.excess)} above the rest`;
      disturbances.push(...places.slice(0, found.blocks).map((block) => ({ block, code: "warming-up" as const, text: why })));
    } else if (found.kind === "one-arm") facts.push(slowStart(found.arm, found.excess));
    else if (found.kind === "never-steady") facts.push(neverSteady(found.change));
  }
  return { disturbances, facts: [...new Map(facts.map((fact) => [fact.text, fact])).values()] };
}

interface PlacedLevel extends BlockLevel {
  readonly block: number;
  readonly side: Arm;
}

async function readLevels(database: Database): Promise<PlacedLevel[]> {
  const rows = await database.rows(
    `with good as (
      select block, side, ln(value) - median(ln(value)) over (partition by run, scenario, side) as distance
      from transactions where outcome = 'ok' and value > 0 and block is not null)
    select block::DOUBLE as block, side, round(avg(distance), 9) as level, count(*)::DOUBLE as count
    from good group by block, side order by block, side`,
    { block: number, side: text, level: number, count: number },
  );
  return rows.flatMap((row) => ARMS.filter((side) => side === row.side).map((side) => ({ ...row, side })));
}

/** Blocks of the same runs lie behind each other; each stretch of them warmed up for itself. */
function stretchesOf(blocks: readonly BlockSpan[]): number[][] {
  const stretches = new Map<string, number[]>();
  for (const [index, { runs }] of blocks.entries()) {
    const key = runs.join();
    stretches.set(key, [...(stretches.get(key) ?? []), index]);
  }
  return [...stretches.values()];
}

function armLevels(levels: readonly PlacedLevel[], places: readonly number[]): ArmLevels {
  const of = (arm: Arm) =>
    places.map((place) => levels.find(({ block, side }) => block === place && side === arm) ?? { level: 0, count: 0 });
  return { baseline: of("baseline"), candidate: of("candidate") };
}

function slowStart(arm: Arm, excess: number): ValidityFact {
  return {
    code: "slow-start",
    severity: "info",
    text: `the ${arm} alone was slow at first: latencies were ${percent(excess)} above its own rest; nothing was left out for it`,
    remedy: "If it is caches that fill, a longer `warmup` in the workload shows the release at its usual speed.",
  };
}

function neverSteady(change: number): ValidityFact {
  const how = change > 0 ? "rose" : "fell";
  return {
    code: "never-steady",
    severity: "unsteady",
    text: `latencies of both arms ${how} by ${percent(Math.abs(change))} from the first to the last block and never came to rest`,
    remedy:
      change > 0
        ? "The load is more than the machine can take: lower the rates in the workload, or use a larger machine."
        : "Give the workload a longer `warmup`.",
  };
}

/** Logarithm of a ratio as a per cent of change. */
function percent(log: number): string {
  return `${(100 * Math.expm1(log)).toFixed(0)} %`;
}
