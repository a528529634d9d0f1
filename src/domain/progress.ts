/** Progress reports the progress of long work. Implementations write to stderr; tests use a silent one. */
export interface Progress {
  /** Begins a stage. `expectedMs` is an estimate from earlier runs for the remaining time; null where there is none. */
  stage(name: string, expectedMs: number | null): void;
  /**
   * Reports the completed share of the stage, 0 to 1, null where unknown, with a short detail. `leftMs` is the time left where the
   * caller has a better estimate than the share gives, as for a stage of several works.
   */
  update(fraction: number | null, detail: string, leftMs?: number | null): void;
  /** Prints a line that stays on the screen. */
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
