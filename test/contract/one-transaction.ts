import { readFileSync } from "node:fs";
import { join } from "node:path";

import { newRunId } from "../../src/cli/terminal/command.ts";
import { packageFolder } from "../../src/cli/terminal/project.ts";
import type { ScenarioName } from "../../src/domain/load/plan.ts";
import type { RunManifest } from "../../src/domain/load/run.ts";
import { declarationOf } from "../../src/domain/load/scenarios.ts";
import { performRun } from "../../src/execution/perform-run.ts";
import { type ContractServer, quiet } from "./contract-server.ts";

/** One arrival in 1.5 s, and the shortest load that k6 takes: exactly one transaction. */
const [PER_MINUTE, LOAD_MS] = [40, 1000];

/** ContractRun is one transaction of one scenario, and what the scenario complained of. */
export interface ContractRun {
  readonly bundle: string;
  readonly manifest: RunManifest;
  readonly complaints: readonly string[];
}

/** runOnce lets k6 make one transaction of a scenario, by the way of every run: checks, load, business rules, bundle. */
export async function runOnce({ endpoint, k6, folder }: ContractServer, scenario: ScenarioName): Promise<ContractRun> {
  const bundle = join(folder, scenario);
  const size = declarationOf(scenario).contractSize;
  const manifest = await performRun({
    runId: newRunId(new Date(), Math.random),
    bundle,
    prepared: {
      target: { name: "contract", arms: { baseline: endpoint }, redisUrl: null, traefikMetricsUrl: null },
      releases: { baseline: { label: "contract", identity: {} } },
      otherPids: {},
      settings: {},
    },
    schedule: { kind: "sequential", arm: "baseline" },
    workload: { loadMs: LOAD_MS, warmupMs: 0, scenarios: { [scenario]: { perMinute: PER_MINUTE, size } } },
    seed: 1,
    shop: null,
    k6,
    scenarios: join(packageFolder, "scenarios", "main.ts"),
    signal: new AbortController().signal,
    progress: quiet,
  });
  const log = readFileSync(join(bundle, "k6", "console.log"), "utf8");
  return { bundle, manifest, complaints: log.split("\n").filter((line) => line.includes("failure")) };
}
