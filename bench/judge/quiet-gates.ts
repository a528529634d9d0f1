import type { BlockValues, Evidence, Series } from "../../src/domain/judgement/evidence.ts";
import type { Indicator } from "../../src/domain/judgement/indicator.ts";
import { indicatorsFor } from "../../src/evaluator/catalogue/catalogue.ts";

/** transactionGates are all gates of a campaign that imports orders and does nothing else, as the catalogue has them. */
export const transactionGates: readonly Indicator[] = indicatorsFor({
  scenarios: ["order-import"],
  steps: [],
  readings: [],
  imported: false,
}).filter(({ gate }) => gate);

/** withQuietGates adds the gates that a campaign of latencies lacks, equal in both arms: they find nothing and take their weight. */
export function withQuietGates(evidence: Evidence): Evidence {
  const [timed] = evidence.series;
  if (timed === undefined) throw new Error("a campaign has latencies");
  const missing = transactionGates.filter(({ id }) => evidence.series.every(({ indicator }) => indicator.id !== id));
  const quiet = missing.map((indicator): Series => {
    const of = (blocks: readonly BlockValues[]) =>
      blocks.map((block): BlockValues => {
        const done = block.kind === "values" ? block.values.length : 0;
        if (indicator.source.kind === "count") return { kind: "count", events: 0, exposure: done };
        return { kind: "ratio", numerator: workOf(indicator) * done, denominator: done };
      });
    return { indicator, blocks: { baseline: of(timed.blocks.baseline), candidate: of(timed.blocks.candidate) } };
  });
  return { ...evidence, series: [...evidence.series, ...quiet] };
}

/** Statements and CPU-ms of one order, roughly as on the lab. */
function workOf({ unit }: Indicator): number {
  return unit === "statements" ? 350 : 900;
}
