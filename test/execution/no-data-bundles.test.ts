import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { Arm } from "../../src/domain/arm.ts";
import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { judgeBundles } from "../../src/execution/judge.ts";
import { temporaryFolder } from "../evidence/recorded-bundle.ts";
import { type Spoiled, wholeBundle } from "./whole-bundle.ts";

const folder = temporaryFolder();
let made = 0;
const newFolder = () => {
  made += 1;
  return join(folder, `bundle-${made}`);
};

async function judgeSpoiled(spoiled: Spoiled, after: (bundle: string) => void = () => undefined): Promise<Evaluation> {
  const bundle = await wholeBundle(newFolder(), spoiled);
  after(bundle);
  return judgeBundles({ kind: "together", bundles: [bundle] }, defaultPolicy);
}

async function runOf(arm: Arm, runId: string, start: Spoiled["start"] = {}): Promise<string> {
  return wholeBundle(newFolder(), { start: { runId, arms: [arm], schedule: { kind: "sequential", arm }, ...start } });
}

/** What a reader sees of a verdict: the word, why, and what to do. */
const seen = ({ verdict, reasons, next }: Evaluation) => ({
  verdict,
  reasons: reasons.map(({ text }) => text).join("\n"),
  next: next.join("\n"),
});

const doubt = (reason: RegExp, step: RegExp) => ({
  verdict: "inconclusive",
  reasons: expect.stringMatching(reason),
  next: expect.stringMatching(step),
});

test("the whole bundle passes under the default policy", async () => {
  const { verdict, reasons } = await judgeSpoiled({});
  expect(reasons.map(({ text }) => text)).toEqual([expect.stringMatching(/^each of \d+ gates is shown to be no worse/)]);
  expect(verdict).toBe("pass");
});

describe("a bundle that lacks something is judged, and is no pass", () => {
  test.each<{ name: string; spoiled: Spoiled; after?: (bundle: string) => void; reason: RegExp; step: RegExp }>([
    {
      name: "empty: k6 wrote nothing",
      spoiled: { text: () => "" },
      reason: /run-1 holds no samples/,
      step: /Look into k6\/ for the reason, and run again/,
    },
    {
      name: "empty: k6 wrote its header alone",
      spoiled: { csv: (rows) => rows.slice(0, 1) },
      reason: /run-1 holds no samples/,
      step: /Look into k6\/ for the reason, and run again/,
    },
    { name: "empty: there is no CSV", spoiled: { text: () => null }, reason: /holds no samples/, step: /Look into k6\// },
    {
      name: "truncated: the second half of the samples is gone",
      spoiled: { csv: (rows) => rows.slice(0, rows.length / 2) },
      reason: /the bundle holds \d+ iterations, k6 counted 240/,
      step: /Run again with free space on the disk/,
    },
    {
      name: "truncated: k6 was killed",
      spoiled: {
        end: { status: "aborted", statusReason: "k6 was killed by SIGKILL" },
        text: (csv) => csv.slice(0, csv.length * 0.7),
      },
      reason: /run-1 was cut short: k6 was killed by SIGKILL/,
      step: /Run it again to its end/,
    },
    {
      name: "one-sided: the candidate left no samples",
      spoiled: { csv: (rows) => rows.filter((row) => !row.includes("arm=candidate")) },
      reason: /no data in the candidate arm/,
      step: /Get data for order import: SQL statements per order/,
    },
    {
      name: "all errors: every order fails in both arms",
      spoiled: { failing: ["baseline", "candidate"] },
      reason: /100 % fail in the baseline, which/,
      step: /Repair the baseline or the workload first/,
    },
    {
      name: "zero traffic: nothing but requests of no transaction",
      spoiled: { csv: (rows) => rows.filter((row) => !/^(peakproof_|iterations)/.test(row)) },
      reason: /no transaction was completed in either arm/,
      step: /k6\/k6\.log of the bundle, and run peakproof doctor/,
    },
    {
      name: "missing probe: the file of the readings was lost",
      spoiled: {},
      after: (bundle) => rmSync(join(bundle, "readings.parquet")),
      reason: /the bundle holds 0 readings, and held \d{4} when the run ended/,
      step: /Restore readings\.parquet from a copy/,
    },
    {
      name: "missing probe: Odoo's log was not read",
      spoiled: { readings: ({ probe }) => probe !== "odoo" },
      reason: /SQL statements per order: cannot tell \(no data in either arm\)/,
      step: /Get data for order import: SQL statements per order.*peakproof doctor/,
    },
    {
      name: "missing probe: the host was not read, as its record says",
      spoiled: {
        readings: ({ probe }) => probe !== "host",
        end: { probes: [{ name: "host", readings: 0, failures: 40, lastFailure: "no process 4711" }] },
      },
      reason: /the probe host read nothing: no process 4711/,
      step: /Run `peakproof doctor`: it names what the probe cannot reach/,
    },
    {
      name: "missing probe: the log of one arm lost lines",
      spoiled: { readings: ({ probe, arm, timeMs }) => probe !== "odoo" || arm === "baseline" || timeMs % 7 > 1 },
      reason: /Odoo's log holds \d+ of the 120 requests that k6 sent to the candidate/,
      step: /Do not move the log during a run/,
    },
  ])("$name", async ({ spoiled, after, reason, step }) => {
    expect(seen(await judgeSpoiled(spoiled, after))).toEqual(doubt(reason, step));
  });

  test("missing calibration: one run of each release, one after the other", async () => {
    const sides = { baseline: [await runOf("baseline", "b1")], candidate: [await runOf("candidate", "c1")] };
    const verdict = await judgeBundles({ kind: "sides", ...sides }, defaultPolicy);
    expect(seen(verdict)).toEqual(
      doubt(/noise between runs of one release is unknown for order import/, /schedule duet.*`peakproof calibrate`/),
    );
  });

  test("mismatched workloads: pairs of runs, one of them of another workload", async () => {
    const runs = async (arm: Arm, hashes: readonly string[]) => {
      const bundles: string[] = [];
      for (const [index, workloadHash] of hashes.entries())
        bundles.push(await runOf(arm, `${arm}-${made}`, { workloadHash, seed: index }));
      return bundles;
    };
    const baseline = await runs("baseline", ["same", "same", "same"]);
    const candidate = await runs("candidate", ["same", "same", "other"]);
    const verdict = await judgeBundles({ kind: "sides", baseline, candidate }, defaultPolicy);
    expect(seen(verdict)).toEqual(doubt(/the runs did not have the same workload/, /Compare runs of the same workload/));
    const equal = {
      kind: "sides",
      baseline,
      candidate: [...candidate.slice(0, 2), ...(await runs("candidate", ["same"]))],
    } as const;
    expect((await judgeBundles(equal, defaultPolicy)).reasons.map(({ text }) => text).join()).not.toContain("workload");
  });
});

describe("a bundle with a broken file is a fault of usage that names it", () => {
  test.each([
    { file: "samples.parquet", text: "", want: /samples\.parquet is not a whole Parquet file/ },
    { file: "readings.parquet", text: "PAR1 cut", want: /readings\.parquet is not a whole Parquet file/ },
    {
      file: "events.ndjson",
      text: '{"timeMs": 1, "kind": "x", "label": "y"}\n{"timeMs"\n',
      want: /events\.ndjson:2: not an event/,
    },
  ])("$file", async ({ file, text, want }) => {
    const judged = judgeSpoiled({}, (bundle) => writeFileSync(join(bundle, file), text));
    await expect(judged).rejects.toThrow(want);
    await expect(judged).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("from a copy of the bundle") });
  });
});
