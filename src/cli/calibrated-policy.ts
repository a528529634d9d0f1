import { dirname, resolve } from "node:path";

import type { Policy } from "../domain/judgement/policy.ts";
import { readCalibration } from "../evidence/calibration/calibration-file.ts";
import { type CommandContext, type ParsedArguments, text } from "./command.ts";
import type { Project } from "./project.ts";

export const CALIBRATION_OPTIONS = { calibration: { type: "string" } } as const;

export const CALIBRATION_HELP = `  --calibration FILE   what peakproof calibrate learned [default: policy.calibration of the config]
`;

/** calibratedPolicy puts what A/A runs taught into a policy: the file of --calibration, else the one that the config names. */
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
