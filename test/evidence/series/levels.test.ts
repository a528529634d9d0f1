import { join } from "node:path";

import { expect, test } from "vitest";

import type { Indicator } from "../../../src/domain/judgement/indicator.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { policy, recordBundle, temporaryFolder } from "../recorded-bundle.ts";
import { everySecond } from "../recorded-readings.ts";

const folder = temporaryFolder();

const waiting: Indicator = {
  id: "platform.jobs-waiting",
  quantity: "jobs-waiting",
  label: "jobs waiting",
  unit: "jobs",
  better: "lower",
  service: "platform",
  layer: "odoo",
  kind: "resource",
  margin: { relative: 0.25, absolute: 5 },
  gate: false,
  minimumCount: 1,
  source: { kind: "level", reading: "jobs_waiting" },
};

const bundle = join(folder, "levels");
await recordBundle(bundle, {
  readings: [
    // 10, 11, ... jobs; nobody looked in the second block of two seconds.
    ...everySecond("jobs_waiting", (second) => (second === 2 || second === 3 ? null : 10 + second), { arm: "baseline" }),
    ...everySecond("jobs_waiting", () => 40, { arm: "candidate" }),
    ...everySecond("mails_waiting", () => 7, { arm: "candidate" }),
  ],
});
const evidence = await readEvidence({ kind: "together", bundles: [bundle] }, { policy, choose: () => [waiting] });

test("a level is what the looks inside each block add up to, with their number", () => {
  expect(evidence.series[0]?.blocks.baseline).toEqual([
    { kind: "ratio", numerator: 10 + 11, denominator: 2 },
    { kind: "ratio", numerator: 0, denominator: 0 },
    { kind: "ratio", numerator: 14 + 15, denominator: 2 },
    { kind: "ratio", numerator: 16 + 17, denominator: 2 },
  ]);
  const ofCandidate = evidence.series[0]?.blocks.candidate.map((block) => (block.kind === "ratio" ? block.numerator : null));
  expect(ofCandidate).toEqual([80, 80, 80, 80]);
});

test("backlogs are drawn as they stood, arm by arm", () => {
  const lines = evidence.timeline.series.filter(({ id }) => id.startsWith("odoo.jobs") || id.startsWith("odoo.mails"));
  expect(lines.map(({ id, unit, points }) => [id, unit, points.map(([, value]) => value)])).toEqual([
    ["odoo.mails-waiting.candidate", "mails", [7, 7]],
    // Bins of five seconds: 10, 11 and 14; then 15, 16 and 17.
    ["odoo.jobs-waiting.baseline", "jobs", [11.6667, 16]],
    ["odoo.jobs-waiting.candidate", "jobs", [40, 40]],
  ]);
});
