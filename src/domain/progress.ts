/** Progress is how long work tells people where it is. Implementations write to stderr; a silent one serves tests. */
export interface Progress {
  /** Begins a stage. `expectedMs` is a guess from earlier runs, null where there is none; it feeds the time left. */
  stage(name: string, expectedMs: number | null): void;
  /** Says how far the stage is, 0 to 1 where known, with a short detail. */
  update(fraction: number | null, detail: string): void;
  /** Says something that must stay on the screen. */
  note(text: string): void;
}
