import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { amendManifest } from "../../../src/bundle/run/manifest.ts";
import type { Calibration } from "../../../src/domain/judgement/policy.ts";
import { indicatorsFor } from "../../../src/evaluator/catalogue/catalogue.ts";
import { readCalibration, writeCalibration } from "../../../src/evidence/calibration/calibration-file.ts";
import { openEqualRuns } from "../../../src/evidence/calibration/equal-runs.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { type EqualRunShape, LOAD, writeEqualRun } from "../equal-bundles.ts";
import { policy, temporaryFolder } from "../recorded-bundle.ts";

const folder = temporaryFolder();

async function bundle(runId: string, shape: Partial<EqualRunShape> = {}): Promise<string> {
  const path = join(folder, runId);
  await writeEqualRun(path, { runId, seconds: 6, ...shape });
  return path;
}

const id = "order-import.latency-typical";
const calibration: Calibration = {
  schemaVersion: 1,
  target: "shop",
  release: "1.0",
  schedule: "duet",
  scenarios: LOAD.scenarios,
  loadMs: 6000,
  runs: Array.from({ length: 8 }, (_, index) => ({ runId: `r${index}`, sha256: "0".repeat(64) })),
  indicators: { [id]: { scale: "log", n: 8, df: 8, sd: 0.02, upperSd: 0.03, autocorrelation: -0.1, bias: 0.01 } },
};
const path = join(folder, "calibration.json");

describe("the file of a calibration", () => {
  test("is read as it was written", async () => {
    await writeCalibration(path, calibration);
    expect(await readCalibration(path)).toEqual(calibration);
  });

  test.each([
    { name: "cut", text: '{"schemaVersion": 1,', want: "is not JSON" },
    { name: "newer", text: '{"schemaVersion": 2}', want: "schemaVersion 2 is newer" },
    { name: "of something else", text: '{"schemaVersion": 1, "verdict": "pass"}', want: "target" },
    { name: "too-few", text: JSON.stringify({ ...calibration, runs: calibration.runs.slice(1) }), want: "runs" },
    {
      name: "negative",
      text: JSON.stringify({ ...calibration, indicators: { [id]: { ...calibration.indicators[id], upperSd: -1 } } }),
      want: `indicators.${id}.upperSd`,
    },
  ])("that is $name is refused by name and place", async ({ name, text, want }) => {
    const bad = join(folder, `${name}.json`);
    writeFileSync(bad, text);
    await expect(readCalibration(bad)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(new RegExp(`${name}\\.json.*${want.replaceAll(".", "\\.")}`)),
    });
  });

  test("that is not there says how to make one", async () => {
    const missing = readCalibration(join(folder, "nowhere.json"));
    await expect(missing).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("peakproof calibrate") });
  });
});

describe("bundles to learn from", () => {
  test("are put into the order of time, whatever their order was", async () => {
    const later = await bundle("later", { startMs: 1_795_000_900_000 });
    const earlier = await bundle("earlier");
    const found = await openEqualRuns([later, earlier]);
    expect(found.runs.map(({ runId }) => runId)).toEqual(["earlier", "later"]);
    expect(found).toMatchObject({ arms: "both", release: "1.0", schedule: "duet", loadMs: 6000, ...LOAD });
  });

  test.each<{ name: string; shape: Partial<EqualRunShape>; want: string }>([
    { name: "another-target", shape: { start: { target: "elsewhere" } }, want: "has target elsewhere" },
    { name: "another-load", shape: { start: { workload: { scenarios: {} } } }, want: "has load" },
    { name: "one-arm", shape: { arms: ["baseline"] }, want: "has arms one" },
    {
      name: "another-release",
      shape: { start: { releases: { baseline: { label: "1.1", identity: {} }, candidate: { label: "1.1", identity: {} } } } },
      want: "has release 1.1",
    },
    {
      name: "two-releases",
      shape: { start: { releases: { baseline: { label: "1.0", identity: {} }, candidate: { label: "1.1", identity: {} } } } },
      want: "compares 1.0 with 1.1",
    },
    { name: "twice-as-long", shape: { seconds: 12 }, want: "measured 12 s of load" },
  ])("that differ are refused, saying which and in what: $name", async ({ name, shape, want }) => {
    const first = await bundle(`first-of-${name}`);
    const other = await bundle(name, { startMs: 1_795_000_900_000, ...shape });
    const refused = openEqualRuns([first, other]);
    await expect(refused).rejects.toMatchObject({ code: "usage", message: expect.stringContaining(`${name} ${want}`) });
  });

  test("that were named twice are refused", async () => {
    const one = await bundle("one");
    await expect(openEqualRuns([one, one])).rejects.toMatchObject({ message: expect.stringContaining("same run") });
  });

  test("that did not complete, or used the servers of an earlier round, are left out with the reason", async () => {
    const aborted = await bundle("aborted");
    await amendManifest(aborted, { status: "aborted", statusReason: "interrupted" });
    const rounds = [
      await bundle("round-1", { startMs: 1_795_000_100_000 }),
      await bundle("round-2", { startMs: 1_795_000_200_000 }),
    ];
    for (const [index, each] of rounds.entries())
      await amendManifest(each, { round: { campaign: "c", number: index + 1, firstLook: 1 } });
    const found = await openEqualRuns([aborted, ...rounds]);
    expect(found.runs.map(({ runId }) => runId)).toEqual(["round-1"]);
    expect(found.leftOut).toEqual([
      expect.stringMatching(/aborted: the run did not complete: interrupted$/),
      expect.stringMatching(/round-2: round 2 of c used the servers/),
    ]);
  });
});

describe("a calibration in the policy", () => {
  const read = async (bundles: readonly string[], taught: Calibration) =>
    readEvidence(
      { kind: "together", bundles },
      { policy: { ...policy, blockMs: 1000, calibration: taught }, choose: indicatorsFor },
    );

  test("gives its upper limits to evidence of the same target, schedule and load", async () => {
    const { betweenRunSd, validity } = await read([await bundle("fits")], calibration);
    expect(betweenRunSd).toEqual({ [id]: { scale: "log", sd: 0.03 } });
    expect(validity.find(({ code }) => code === "calibrated")?.text).toContain("8 runs of 1.0");
  });

  test.each<{ name: string; change: Partial<Calibration>; want: string }>([
    { name: "another target", change: { target: "elsewhere" }, want: "target elsewhere" },
    { name: "another schedule", change: { schedule: "slots" }, want: "schedule slots" },
    {
      name: "another load",
      change: { scenarios: { checkout: { perMinute: 3, size: 2 } } },
      want: "checkout 3 per minute of size 2 against none",
    },
    { name: "imported runs", change: { scenarios: null }, want: "an unknown load" },
    { name: "runs that were far longer", change: { loadMs: 13_000 }, want: "runs of 13 s, more than twice the 6 s here" },
  ])("of $name is not used and bars a pass", async ({ name, change, want }) => {
    const { betweenRunSd, validity } = await read([await bundle(`misfit ${name}`)], { ...calibration, ...change });
    expect(betweenRunSd).toBeUndefined();
    const fact = validity.find(({ code }) => code === "calibration-unfit");
    expect(fact).toMatchObject({ severity: "unsteady", text: expect.stringContaining(want) });
  });

  test("counts the rounds of a campaign together", async () => {
    const rounds = [await bundle("together-1"), await bundle("together-2")];
    const { betweenRunSd } = await read(rounds, { ...calibration, loadMs: 20_000 });
    expect(betweenRunSd).toBeDefined();
  });
});

test("the file ends with a new line, as text files do", () => {
  expect(readFileSync(path, "utf8").endsWith("}\n")).toBe(true);
});
