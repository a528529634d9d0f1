/** Progress is how long work tells people where it is. Implementations write to stderr; a silent one serves tests. */
export interface Progress {
  /** Begins a stage. `expectedMs` is a guess from earlier runs, null where there is none; it feeds the time left. */
  stage(name: string, expectedMs: number | null): void;
  /**
   * Says how far the stage is, 0 to 1 where known, with a short detail. `leftMs` is the time left where the caller knows better than
   * the share does, as for a stage of several works.
   */
  update(fraction: number | null, detail: string, leftMs?: number | null): void;
  /** Says something that must stay on the screen. */
  note(text: string): void;
}

/**
 * timeLeftMs estimates the time left of a stage: from the share once a tenth is done, and from the expectation before that. Null means
 * that there is no estimate: nothing is known, or the stage takes longer than was expected.
 */
export function timeLeftMs(elapsedMs: number, share: number | null, expectedMs: number | null): number | null {
  if (share !== null && share >= 0.1 && share < 1) return (elapsedMs / share) * (1 - share);
  return expectedMs === null || expectedMs <= elapsedMs ? null : expectedMs - elapsedMs;
}
