/** Clocks are the clock that can be set and the one that cannot, in milliseconds. */
export interface Clocks {
  readonly wallMs: () => number;
  readonly steadyMs: () => number;
}

const ownClocks: Clocks = { wallMs: () => Date.now(), steadyMs: () => performance.now() };

/**
 * clockDrift tells by how much the wall clock has been set since the first look. Both clocks are slewed alike by time services, so
 * a difference means a step. k6 stamps its samples, and counts what is due, by the wall clock.
 */
export function clockDrift(clocks: Clocks = ownClocks): () => number {
  let firstMs: number | null = null;
  return () => {
    const distanceMs = clocks.wallMs() - clocks.steadyMs();
    firstMs ??= distanceMs;
    // Adding zero turns minus zero into zero.
    return Math.round((distanceMs - firstMs) * 10) / 10 + 0;
  };
}
