import type { Evidence, Series } from "../domain/judgement/evidence.ts";
import { betweenRun, blocksArePairs } from "./between-run.ts";
import { blockEffect } from "./block-effect.ts";
import { countEffect } from "./count-effect.ts";
import { countsWholeThings, type Estimate, type Usable } from "./estimate.ts";
import { quantileEffect } from "./quantile-effect.ts";
import { ratioEffect } from "./ratio-effect.ts";
import { typicalEffect } from "./typical-effect.ts";
import type { UncertainEffect } from "./uncertain-effect.ts";

/** effectOfSeries estimates the change of one indicator with its noise; null where an arm has nothing to compare. */
export function effectOfSeries(series: Series, usable: Usable, evidence: Evidence): UncertainEffect | null {
  if (usable.kind === "count") return countEffect(usable.blocks);
  const estimate = estimateOf(series, usable);
  if (estimate === null) return null;
  const between = betweenRun(series.indicator, evidence, estimate.scale);
  const effect = blockEffect(estimate, { blocksArePairs: blocksArePairs(evidence), betweenRunSd: between.sd });
  return { ...effect, method: `${effect.method}; ${between.words}` };
}

function estimateOf(series: Series, usable: Exclude<Usable, { kind: "count" }>): Estimate | null {
  if (usable.kind === "ratio") return ratioEffect(usable.blocks, { wholeThings: countsWholeThings(series) });
  const { source } = series.indicator;
  if (source.kind === "typical") return typicalEffect(usable.blocks);
  return source.kind === "quantile" ? quantileEffect(usable.blocks, source.quantile) : null;
}
