import type { Policy } from "../domain/judgement/policy.ts";

/** defaultPolicy is what holds where the project's config says nothing. */
export const defaultPolicy: Policy = {
  // One campaign in a hundred may call an unchanged release worse, over all gates together.
  alpha: 0.01,
  // Two one-sided tests at 5 % each, the usual level of equivalence testing.
  equivalenceAlpha: 0.05,
  resamples: 2000,
  // Below six blocks neither their spread nor its autocorrelation can be told.
  minimumBlocks: 6,
  // Long enough for several transactions of every scenario, short enough for a dozen blocks in a campaign of minutes.
  blockMs: 10_000,
  minimumAchievedRatio: 0.95,
  maximumStealRatio: 0.05,
  maximumForeignCpuRatio: 0.1,
  maximumLoaderCpuRatio: 0.4,
  indicators: {},
};
