import type { Arm, PerArm } from "../../domain/arm.ts";
import type { Block } from "../../domain/judgement/evidence.ts";

/** PlacedRows are rows of both arms, one entry for each undisturbed block; null where an arm has none there. */
export interface PlacedRows<Row> {
  readonly first: Row | null;
  readonly entries: PerArm<readonly (Row | null)[]>;
}

/** byArmAndBlock puts rows into their places. A request that fell into a disturbed block says little about where time goes. */
export function byArmAndBlock<Row extends { readonly arm: Arm; readonly block: number }>(
  rows: readonly Row[],
  blocks: readonly Block[],
): PlacedRows<Row> {
  const places = new Map(rows.map((row) => [`${row.arm} ${row.block}`, row]));
  const usable = blocks.flatMap(({ disturbance }, block) => (disturbance === null ? [block] : []));
  const entries = (arm: Arm) => usable.map((block) => places.get(`${arm} ${block}`) ?? null);
  return { first: rows[0] ?? null, entries: { baseline: entries("baseline"), candidate: entries("candidate") } };
}
