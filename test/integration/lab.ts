import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll } from "vitest";

import type { Arm } from "../../src/domain/arm.ts";
import type { Progress } from "../../src/domain/progress.ts";
import type { ReleaseSpec } from "../../src/domain/target/release.ts";
import { labDown, labUp } from "../../src/lab/lab-up.ts";
import { prepareArms, type PreparedArms } from "../../src/lab/prepare-arms.ts";
import type { LabOptions, LabState } from "../../src/lab/state/state.ts";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Long work says on stderr what it does, so that a log of CI shows where it is. */
const spokenProgress: Progress = {
  stage: (name) => void process.stderr.write(`      ${name}\n`),
  update: () => {},
  note: (text) => void process.stderr.write(`      ${text}\n`),
};

export interface TestLab {
  readonly options: LabOptions;
  readonly state: () => LabState;
  prepare(releases: Partial<Record<Arm, string>>): Promise<PreparedArms>;
}

/** useLab gives a test file a lab of its own, on the shared cache, and stops it afterwards. */
export function useLab(): TestLab {
  const projectDir = mkdtempSync(join(tmpdir(), "peakproof-lab-"));
  const options: LabOptions = { projectDir, signal: new AbortController().signal, progress: spokenProgress };
  let state: LabState | null = null;
  beforeAll(async () => {
    state = await labUp(options);
  });
  afterAll(async () => {
    await labDown(options);
    rmSync(projectDir, { recursive: true, force: true });
  });
  return {
    options,
    state: () => {
      if (state === null) throw new Error("the lab is not up yet");
      return state;
    },
    prepare: (releases) =>
      prepareArms(options, Object.fromEntries(Object.entries(releases).map(([arm, label]) => [arm, releaseSpec(label)]))),
  };
}

function releaseSpec(label: string): ReleaseSpec {
  return {
    label,
    addonsPath: join(repository, "fixtures", "addons", label),
    modules: ["peakproof_retail"],
    settings: { workers: 2, cronThreads: 0, environment: {} },
  };
}
