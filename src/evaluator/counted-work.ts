import type { IndicatorKind } from "../domain/indicator.ts";

/**
 * isCountedWork tells work that is counted (statements, rows, blocks, bytes) from work that is timed (CPU-ms). A busy neighbour
 * slows a statement down and does not make two of it, so counted work is judged on disturbed blocks and under missed load too.
 */
export function isCountedWork({ kind, unit }: { readonly kind: IndicatorKind; readonly unit: string }): boolean {
  return kind === "work" && unit !== "ms";
}
