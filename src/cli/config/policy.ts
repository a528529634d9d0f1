import { dirname, resolve } from "node:path";

import type { Margin } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { readCalibration } from "../../evidence/calibration/calibration-file.ts";
import { type CommandContext, type ParsedArguments, text } from "../terminal/command.ts";
import type { Project } from "../terminal/project.ts";
import { durationMs, type PolicyConfig } from "./schema.ts";

/** resolvePolicy replaces the defaults with the values of the config. */
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

export const CALIBRATION_OPTIONS = { calibration: { type: "string" } } as const;

export const CALIBRATION_HELP = `  --calibration FILE   result of peakproof calibrate [default: policy.calibration of the config]
`;

/** calibratedPolicy adds a calibration to a policy: the file of --calibration, otherwise the file that the config names. */
export async function calibratedPolicy(
  policy: Policy,
  options: { parsed: ParsedArguments; configured: string | undefined; project: Project; context: Pick<CommandContext, "cwd"> },
): Promise<Policy> {
  const { parsed, configured, project, context } = options;
  const named = text(parsed, "calibration");
  if (named !== undefined) return { ...policy, calibration: await readCalibration(resolve(context.cwd, named)) };
  if (configured === undefined) return policy;
  return { ...policy, calibration: await readCalibration(resolve(dirname(project.configPath), configured)) };
}
