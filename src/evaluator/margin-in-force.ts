import type { Evidence } from "../domain/judgement/evidence.ts";
import type { Indicator, Margin } from "../domain/judgement/indicator.ts";
import { readsInPieces } from "./reads-in-pieces.ts";
import { formatNumber } from "./wording.ts";

/**
 * marginInForce is the margin that an indicator is held to, and in `allowance` what was added to it and why: statements that only
 * come of the order in which Odoo reads are no work of the release.
 */
export function marginInForce(
  { margin, unit, service }: Indicator,
  evidence: Evidence,
): { readonly margin: Margin; readonly allowance: readonly string[] } {
  if (unit !== "statements" || service === "platform") return { margin, allowance: [] };
  const { perTransaction, tables } = readsInPieces(evidence, service);
  if (tables.length === 0) return { margin, allowance: [] };
  const reads = `one arm reads ${tables.join(", ")} in two statements where the other has one`;
  const absolute = margin.absolute + perTransaction;
  return { margin: { ...margin, absolute }, allowance: [`${reads}: ${formatNumber(perTransaction)} added to the margin`] };
}
