/** Progress reports the progress of long work. Implementations write to stderr; tests use a silent one. */
export interface Progress {
  /** Begins a stage. `expectedMs` is an estimate from earlier runs for the remaining time; null where there is none. */
  stage(name: string, expectedMs: number | null): void;
  /** Reports the completed fraction of the stage, 0 to 1, null where unknown, with a short detail. */
  update(fraction: number | null, detail: string): void;
  /** Prints a line that stays on the screen. */
  note(text: string): void;
}
