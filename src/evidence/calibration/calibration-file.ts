import { readFile } from "node:fs/promises";

import { z } from "zod";

import { refuseNewerSchema } from "../../bundle/files/newer-schema.ts";
import { HarnessError } from "../../domain/error.ts";
import { type Calibration, FEWEST_CALIBRATION_RUNS } from "../../domain/judgement/policy.ts";
import { writeFileAtomic } from "../../files/atomic-file.ts";

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

const again = "Learn it again with `peakproof calibrate`; the file is not meant to be changed by hand.";

/** readCalibration reads and checks what `peakproof calibrate` wrote. */
export async function readCalibration(path: string): Promise<Calibration> {
  const raw = await readFile(path, "utf8").catch((error: unknown) => {
    throw new HarnessError("usage", `there is no readable calibration at ${path}`, {
      hint: "Make one with `peakproof calibrate --release RELEASE`, or take `calibration` out of the policy.",
      cause: error,
    });
  });
  const parsed = parseJson(raw, path);
  refuseNewerSchema({ path, raw, parsed, what: "calibration" });
  const calibration = calibrationSchema.safeParse(parsed);
  if (calibration.success) return calibration.data;
  const issue = calibration.error.issues[0];
  throw new HarnessError("usage", `${path}: ${issue?.path.join(".") ?? "?"}: ${issue?.message ?? "not a calibration"}`, {
    hint: again,
    cause: calibration.error,
  });
}

/** writeCalibration replaces the file as a whole. */
export async function writeCalibration(path: string, calibration: Calibration): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(calibration, null, 2)}\n`);
}

function parseJson(raw: string, path: string): unknown {
  try {
    return JSON.parse(raw);
  } catch (error) {
    throw new HarnessError("usage", `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      hint: again,
      cause: error,
    });
  }
}
