import { z } from "zod";

import { type Calibration, FEWEST_CALIBRATION_RUNS } from "../../domain/judgement/policy.ts";
import { writeFileAtomic } from "../../files/atomic-file.ts";
import { readJsonFile } from "../../files/json-file.ts";

const count = z.number().int().nonnegative();
const spread = z.number().nonnegative();

const noise = z.object({
  scale: z.enum(["log", "difference"]),
  n: count.min(FEWEST_CALIBRATION_RUNS),
  df: count.min(1),
  sd: spread,
  upperSd: spread,
  autocorrelation: z.number().min(-1).max(1),
  bias: z.number().nullable(),
});

const calibrationSchema: z.ZodType<Calibration> = z.object({
  schemaVersion: z.literal(1),
  target: z.string(),
  release: z.string(),
  schedule: z.enum(["duet", "slots", "sequential"]),
  scenarios: z.record(z.string(), z.object({ perMinute: z.number().positive(), size: z.number().positive() })).nullable(),
  loadMs: z.number().positive(),
  runs: z.array(z.object({ runId: z.string(), sha256: z.string() })).min(FEWEST_CALIBRATION_RUNS),
  indicators: z.record(z.string(), noise),
});

const again = "Run `peakproof calibrate` again; the file must not be edited.";

/** readCalibration reads and checks the output of `peakproof calibrate`. */
export async function readCalibration(file: string): Promise<Calibration> {
  const { content } = await readJsonFile(file, {
    what: "calibration",
    schema: calibrationSchema,
    unreadable: {
      message: (path) => `there is no readable calibration at ${path}`,
      hint: "Make one with `peakproof calibrate --release RELEASE`, or remove `calibration` from the policy.",
    },
    notJson: again,
    notValid: { message: (path, issue) => `${path}: ${issue}`, hint: again },
  });
  return content;
}

/** writeCalibration replaces the file as a whole. */
export async function writeCalibration(path: string, calibration: Calibration): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(calibration, null, 2)}\n`);
}
