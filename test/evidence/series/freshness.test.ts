import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createBundle } from "../../../src/bundle/run/writer.ts";
import { ARMS } from "../../../src/domain/arm.ts";
import { indicatorsFor } from "../../../src/evaluator/catalogue/catalogue.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { policy, runEnd, runStart, temporaryFolder } from "../recorded-bundle.ts";

const folder = temporaryFolder();
const HEADER =
  "metric_name,timestamp,metric_value,error_code,expected_response,group,method,name,scenario,status,extra_tags,metadata";

/** Four syncs an arm, one every two seconds; the age of the figures is a little less than the time of the whole sync. */
const bundle = join(folder, "syncs");
const writer = await createBundle(bundle, runStart);
const rows = ARMS.flatMap((arm) =>
  [0, 1, 2, 3].flatMap((pair) => {
    const tookMs = arm === "baseline" ? 300 : 600;
    const end = `${runStart.loadStartMs + 2000 * pair + tookMs}000000`;
    return [
      `peakproof_freshness,${end},${tookMs - 1},,,,,,stock-sync,,arm=${arm},pair=${pair}`,
      `peakproof_transaction,${end},${tookMs},,,,,,stock-sync,,arm=${arm}&outcome=ok,pair=${pair}`,
      `iterations,${end},1,,,,,,stock-sync,,arm=${arm},pair=${pair}`,
    ];
  }),
);
writeFileSync(writer.paths.k6Csv, `${[HEADER, ...rows].join("\n")}\n`);
await writer.finish({ ...runEnd, planned: null });

test("the age of stock figures is kept in the bundle and judged block by block, from when the sync was due", async () => {
  const evidence = await readEvidence(
    { kind: "together", bundles: [bundle] },
    { policy, choose: (facts) => indicatorsFor(facts).filter(({ id }) => id === "stock-sync.freshness-typical") },
  );
  expect(evidence.series.map(({ blocks }) => blocks)).toEqual([
    {
      baseline: [0, 1, 2, 3].map(() => ({ kind: "values", values: [299] })),
      candidate: [0, 1, 2, 3].map(() => ({ kind: "values", values: [599] })),
    },
  ]);
});
