import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { readCalibration } from "../../src/evidence/calibration/calibration-file.ts";
import { writeEqualRun } from "../evidence/equal-bundles.ts";
import { callMain } from "./call-main.ts";

let folder = "";
const id = "order-import.latency-typical";
const day = (index: number) => 1_795_000_000_000 + index * 86_400_000;
/** ln(latency) that nine runs had on top: their standard deviation is .0500, that of the first eight about zero .0496. */
const luck = [0.05, -0.04, -0.06, 0.07, 0.01, -0.05, 0.06, -0.03, 0.02];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "peakproof-calibrate-"));
  // Seconds for blocks, and no gate on what these bundles do not hold.
  const gates = `"*": { gate: false }, ${id}: { gate: true }`;
  writeFileSync(
    join(folder, "peakproof.yaml"),
    `target: { lab: native }
workload: { load: 6s, warmup: 1s, order-import: { ordersPerMinute: 1200, linesPerOrder: 6 } }
policy: { block: 1s, minimumBlocks: 4, indicators: { ${gates} } }
`,
  );
  for (const [index, each] of luck.entries()) {
    const common = { startMs: day(index), seconds: 6 };
    await writeEqualRun(join(folder, `one-${index}`), { ...common, runId: `one-${index}`, arms: ["baseline"], run: each });
    const extra = (arm: string) => (arm === "candidate" ? each : 0);
    await writeEqualRun(join(folder, `both-${index}`), { ...common, runId: `both-${index}`, extra });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const named = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-${index}`);

test("learns from nine runs of one arm how much each indicator differs from run to run", async () => {
  const { code, out, err } = await callMain(["calibrate", ...named("one", 9).reverse(), "--out", "one.json"], folder);
  expect(err).not.toContain("error");
  expect(code).toBe(0);
  expect(out).toContain("policy:\n  calibration: one.json\n");
  const calibration = await readCalibration(join(folder, "one.json"));
  expect(calibration).toMatchObject({ release: "1.0", target: "shop", schedule: "sequential", loadMs: 6000 });
  expect(calibration.runs.map(({ runId }) => runId)).toEqual(named("one", 9));
  // What the sixty transactions inside each run show of the noise is taken off.
  const learned = calibration.indicators[id];
  expect(learned).toMatchObject({ scale: "log", n: 9, df: 8, bias: null });
  expect(learned?.sd).toBeGreaterThan(0.045);
  expect(learned?.sd).toBeLessThan(0.054);
  expect(learned?.upperSd).toBeGreaterThan(0.06);
  // Throughput is planned: it does not differ.
  expect(calibration.indicators["order-import.completed-per-minute"]?.sd).toBe(0);
});

test("learns from eight runs of both arms what comes between the arms, and a verdict then says so", async () => {
  const { code } = await callMain(["calibrate", ...named("both", 8), "--out", "both.json"], folder);
  expect(code).toBe(0);
  const calibration = await readCalibration(join(folder, "both.json"));
  // That of one run is less by the root of two.
  expect(calibration.indicators[id]?.sd).toBeGreaterThan(0.03);
  expect(calibration.indicators[id]?.sd).toBeLessThan(0.04);
  // The mean of `luck`, .0013, and the chance of sixty transactions in each arm of eight runs.
  expect(Math.abs(calibration.indicators[id]?.bias ?? 1)).toBeLessThan(0.012);

  const judge = async (...options: string[]) => {
    const { out } = await callMain(["compare", "both-8", "--json", ...options], folder);
    const verdict: unknown = JSON.parse(out);
    return JSON.stringify(verdict);
  };
  const [plain, taught] = [await judge(), await judge("--calibration", "both.json")];
  expect(plain).toContain("not calibrated: noise of the blocks only");
  expect(plain).not.toContain('"calibration"');
  expect(taught).toContain("noise between runs learned from A/A runs");
  expect(taught).toContain('"calibration":{"schemaVersion":1');
});

test("the config may name the calibration, relative to itself", async () => {
  const config = readFileSync(join(folder, "peakproof.yaml"), "utf8");
  writeFileSync(join(folder, "taught.yaml"), config.replace("policy: {", "policy: { calibration: both.json,"));
  const { out } = await callMain(["compare", "both-8", "--json", "--config", "taught.yaml"], folder);
  expect(out).toContain("noise between runs learned from A/A runs");
});

test.each([
  { name: "too few bundles", args: named("one", 7), want: "there are 7 usable runs; a calibration needs 8" },
  { name: "runs of one arm and of both", args: [...named("one", 8), "both-8"], want: "both-8 has arms both" },
  { name: "too few runs to make", args: ["--release", "1.0", "--runs", "3"], want: "--runs 3 is not a whole number from 8 on" },
  { name: "neither bundles nor a release", args: [], want: "either stored bundles or --release" },
  { name: "bundles and a release", args: ["one-0", "--release", "1.0"], want: "either stored bundles or --release" },
  { name: "a schedule it cannot make", args: ["--release", "1.0", "--schedule", "slots"], want: "unknown schedule" },
])("$name: ends with 2 and says what to do", async ({ args, want }) => {
  const { code, err, out } = await callMain(["calibrate", ...args], folder);
  expect(err).toContain(want);
  expect(code).toBe(2);
  expect(out).toBe("");
});

test("a calibration that is not there ends with 2", async () => {
  const { code, err } = await callMain(["compare", "both-8", "--calibration", "nowhere.json"], folder);
  expect(code).toBe(2);
  expect(err).toContain("nowhere.json");
});
