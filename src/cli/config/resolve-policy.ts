import type { Margin } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { durationMs } from "./duration.ts";
import type { PolicyConfig } from "./schema.ts";

/** resolvePolicy puts what the config says over the defaults. */
export function resolvePolicy(config: PolicyConfig | undefined, defaults: Policy): Policy {
  if (config === undefined) return defaults;
  const { block, indicators } = config;
  return {
    alpha: config.alpha ?? defaults.alpha,
    equivalenceAlpha: config.equivalenceAlpha ?? defaults.equivalenceAlpha,
    resamples: config.resamples ?? defaults.resamples,
    minimumBlocks: config.minimumBlocks ?? defaults.minimumBlocks,
    blockMs: (block === undefined ? null : durationMs(block)) ?? defaults.blockMs,
    minimumAchievedRatio: config.minimumAchievedRatio ?? defaults.minimumAchievedRatio,
    maximumStealRatio: config.maximumStealRatio ?? defaults.maximumStealRatio,
    maximumForeignCpuRatio: config.maximumForeignCpuRatio ?? defaults.maximumForeignCpuRatio,
    maximumLoaderCpuRatio: config.maximumLoaderCpuRatio ?? defaults.maximumLoaderCpuRatio,
    indicators: { ...defaults.indicators, ...overrides(indicators ?? {}) },
  };
}

function overrides(config: NonNullable<PolicyConfig["indicators"]>): Policy["indicators"] {
  const result: Record<string, { margin?: Partial<Margin>; gate?: boolean }> = {};
  for (const [id, { margin, gate }] of Object.entries(config)) {
    result[id] = {
      ...(margin === undefined ? {} : { margin: givenParts(margin) }),
      ...(gate === undefined ? {} : { gate }),
    };
  }
  return result;
}

function givenParts({ relative, absolute }: { relative?: number | undefined; absolute?: number | undefined }): Partial<Margin> {
  return { ...(relative === undefined ? {} : { relative }), ...(absolute === undefined ? {} : { absolute }) };
}
