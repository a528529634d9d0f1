/**
 * benjaminiHochberg adjusts p-values so that rejecting all below q keeps the expected share of false findings at q (1995).
 * Where nothing changed at all, the chance of any finding is q too. Results are in the order given.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[b] ?? 1) - (pValues[a] ?? 1));
  const adjusted = pValues.map(() => 1);
  let ceiling = 1;
  for (const [position, index] of order.entries()) {
    const rank = pValues.length - position;
    ceiling = Math.min(ceiling, ((pValues[index] ?? 1) * pValues.length) / rank);
    adjusted[index] = ceiling;
  }
  return adjusted;
}
