/**
 * holm adjusts p-values so that rejecting all up to alpha keeps the family-wise error at alpha, whatever their dependence
 * (Holm 1979). Results are in the order given.
 *
 * With `weights` (positive, and fixed before anything is measured) it is his weighted procedure: hypotheses are taken by
 * p / weight, and each is allowed its weight's part of alpha, among the weights of those that are not rejected yet. By the union
 * bound the first true one is rejected with probability alpha at most. Equal weights give the plain procedure.
 */
export function holm(pValues: readonly number[], weights: readonly number[] = pValues.map(() => 1)): number[] {
  const weightAt = (index: number) => weights[index] ?? 1;
  const demand = pValues.map((p, index) => p / weightAt(index));
  // Of equal demands the smaller weight comes first, so that the order of the indicators does not change the last digits.
  const order = pValues.map((_, index) => index).sort((a, b) => (demand[a] ?? 0) - (demand[b] ?? 0) || weightAt(a) - weightAt(b));
  const left = leftFrom(order.map((index) => weightAt(index)));
  const adjusted = pValues.map(() => 1);
  let floor = 0;
  for (const [rank, index] of order.entries()) {
    floor = Math.max(floor, Math.min(1, (pValues[index] ?? 1) * ((left[rank] ?? 1) / weightAt(index))));
    adjusted[index] = floor;
  }
  return adjusted;
}

/** leftFrom is, for each place, the sum of the weights from this place on, added up from the end. */
function leftFrom(weights: readonly number[]): number[] {
  const left = [...weights];
  for (let place = left.length - 2; place >= 0; place -= 1) left[place] = (left[place] ?? 0) + (left[place + 1] ?? 0);
  return left;
}

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
