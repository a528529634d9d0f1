/**
 * holm adjusts p-values so that rejecting all below alpha keeps the family-wise error at alpha, whatever their dependence
 * (Holm 1979). `family` is the number of hypotheses in all, where some have no p-value; results are in the order given.
 */
export function holm(pValues: readonly number[], family: number = pValues.length): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const adjusted = pValues.map(() => 1);
  let floor = 0;
  for (const [rank, index] of order.entries()) {
    floor = Math.max(floor, Math.min(1, (family - rank) * (pValues[index] ?? 1)));
    adjusted[index] = floor;
  }
  return adjusted;
}
