import { writeFileSync } from "node:fs";

import { createBundle, type RunStart } from "../../src/bundle/run/writer.ts";
import { type Arm, ARMS } from "../../src/domain/arm.ts";
import type { RunManifest, Schedule } from "../../src/domain/load/run.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";
import { runEnd, runStart } from "./recorded-bundle.ts";

const HEADER = "metric_name,timestamp,metric_value,group,name,scenario,status,extra_tags,metadata";

export const LOAD = { scenarios: { "order-import": { perMinute: 1200, size: 6 } } };
const release = { label: "1.0", identity: { addons: "abc" } };

/** EqualRunShape says what a run of one release looked like: a second is a block in these tests. */
export interface EqualRunShape {
  readonly runId: string;
  readonly arms?: readonly Arm[];
  readonly seconds?: number;
  readonly startMs?: number;
  /** ln(latency) that the run, an arm of it, or a second of it had on top. */
  readonly run?: number;
  readonly extra?: (arm: Arm, second: number) => number;
  readonly spread?: number;
  readonly start?: Partial<RunStart>;
}

/** writeEqualRun writes a bundle of a run of release 1.0: ten orders a second and arm, around 200 ms, as k6 would have written it. */
export async function writeEqualRun(folder: string, shape: EqualRunShape): Promise<RunManifest> {
  const { runId, arms = ARMS, seconds = 10, startMs = 1_795_000_000_000, run = 0, extra = () => 0, spread = 0.05 } = shape;
  const [only = "baseline"] = arms;
  const schedule: Schedule = arms.length === 2 ? { kind: "duet" } : { kind: "sequential", arm: only };
  const releases = Object.fromEntries(arms.map((arm) => [arm, release]));
  const writer = await createBundle(folder, {
    ...runStart,
    runId,
    arms,
    schedule,
    releases,
    workload: LOAD,
    loadStartMs: startMs,
    ...shape.start,
  });
  const random = seededRandom(Buffer.from(runId).reduce((sum, byte) => sum * 31 + byte, 7));
  const rows = [HEADER];
  for (let second = 0; second < seconds; second += 1) {
    for (let place = 0; place < 10; place += 1) {
      for (const arm of arms) {
        const value = 200 * Math.exp(run + extra(arm, second) + spread * standardNormal(random));
        // k6 stamps a transaction when it ends, and it began in its own tenth of the second.
        const endNs = BigInt(Math.round((startMs + second * 1000 + place * 95 + value) * 1000)) * 1000n;
        rows.push(
          `iterations,${endNs},1,,,order-import,,arm=${arm},`,
          `peakproof_transaction,${endNs},${value.toFixed(6)},,,order-import,,outcome=ok&arm=${arm},pair=${second * 10 + place}`,
        );
      }
    }
  }
  writeFileSync(writer.paths.k6Csv, `${rows.join("\n")}\n`);
  const transactions = seconds * 10 * arms.length;
  writeFileSync(writer.paths.k6Summary, JSON.stringify({ metrics: { iterations: { count: transactions } } }));
  const planned = [{ scenario: "order-import", planned: transactions }];
  return writer.finish({ ...runEnd, loadEndMs: startMs + seconds * 1000, planned });
}
