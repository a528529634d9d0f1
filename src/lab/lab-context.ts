import type { Progress } from "../domain/progress.ts";

/** LabOptions is what every command on the lab is told. */
export interface LabOptions {
  /** The lab's running state is in `.lab` of this folder. */
  readonly projectDir: string;
  /** Where what is dear to make is kept; the user's cache folder where it is left out. */
  readonly cacheDir?: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}
