import { describe, expect, test } from "vitest";

import type { Block, BlockValues, Evidence, ValidityFact } from "../../src/domain/judgement/evidence.ts";
import type { Indicator } from "../../src/domain/judgement/indicator.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

const whole = syntheticEvidence({ seed: 1, perBlock: 20, ownSd: 0.005, spread: 0.1 });

const empty = (entry: BlockValues): BlockValues => {
  if (entry.kind === "values") return { kind: "values", values: [] };
  return entry.kind === "ratio" ? { ...entry, numerator: 0, denominator: 0 } : { ...entry, events: 0, exposure: 0 };
};

const notNumbers = (entry: BlockValues): BlockValues => {
  if (entry.kind === "values") return { kind: "values", values: entry.values.map(() => Number.NaN) };
  return entry.kind === "ratio" ? { ...entry, numerator: Number.NaN } : { ...entry, events: Number.NaN };
};

function change(
  map: (entry: BlockValues, index: number) => BlockValues,
  options: { arms?: readonly string[]; only?: (indicator: string) => boolean; from?: Evidence } = {},
): Evidence {
  const { arms = ["baseline", "candidate"], only = () => true, from = whole } = options;
  return {
    ...from,
    series: from.series.map(({ indicator, blocks }) => ({
      indicator,
      blocks: {
        baseline: arms.includes("baseline") && only(indicator.id) ? blocks.baseline.map(map) : blocks.baseline,
        candidate: arms.includes("candidate") && only(indicator.id) ? blocks.candidate.map(map) : blocks.candidate,
      },
    })),
  };
}

/** What A/A runs taught of the indicators that `of` picks: hardly any noise between runs. */
function learned(of: (indicator: Indicator) => boolean): NonNullable<Evidence["betweenRunSd"]> {
  const own = whole.series.map(({ indicator }) => indicator).filter((indicator) => of(indicator));
  return Object.fromEntries(own.map(({ id }) => [id, { scale: "log", sd: 0.002 }]));
}

const fact = (code: ValidityFact["code"], text: string, remedy: string): ValidityFact => ({
  code,
  severity: "invalid",
  text,
  remedy,
});
const cutShort = fact("run-aborted", "r1 was cut short: k6 was killed", "Run it again to its end.");
const otherWorkload = fact("workload-differs", "the runs did not have the same workload", "Compare runs of the same workload.");
const silentProbe = fact("probe-missing", "r1: the probe redis read nothing: refused", "Run `peakproof doctor`.");

const disturb = (block: Block): Block => ({ ...block, disturbance: "steal 20 %" });
const noVolume = { achieved: 0, failed: 0, dropped: 300, interrupted: 0 };
const allFail = (entry: BlockValues): BlockValues =>
  entry.kind === "count" ? { ...entry, events: entry.exposure } : empty(entry);
const unplanned = (evidence: Evidence): Evidence => ({
  ...evidence,
  volumes: evidence.volumes.map((volume) => ({ ...volume, planned: null })),
});
const firstOnly = (blocks: number) => (entry: BlockValues, index: number) => (index < blocks ? entry : empty(entry));
/** Enough in every block that even one block of it holds what each gate asks for. */
const plenty = syntheticEvidence({ seed: 1, perBlock: 400, ownSd: 0.005, spread: 0.1 });
const oneRunEach = { schedule: { kind: "sequential", arm: "candidate" }, runIds: ["b1", "c1"] } as const;
const uncheckedRule = {
  id: "import-exactly-once",
  arm: "candidate",
  label: "imports arrive once",
  status: "not-checked",
  checked: 0,
  violations: 0,
  examples: [],
} as const;

/** What is wrong, the reason that says so, and the step that helps. */
const cases: readonly (readonly [name: string, evidence: Evidence, reason: RegExp, next: RegExp])[] = [
  ["empty: no series at all", { ...whole, series: [] }, /no gate was measured/, /bundle holds samples and readings/],
  [
    "empty: no blocks at all",
    { ...whole, blocks: [], series: whole.series.map((s) => ({ ...s, blocks: { baseline: [], candidate: [] } })) },
    /there are only 0 blocks; 6 are needed/,
    /Run longer/,
  ],
  [
    "empty: nothing measured in either arm",
    change(empty),
    /none of the gates has any data/,
    /samples and readings of the time under load/,
  ],
  [
    "one-sided: nothing measured in the candidate",
    change(empty, { arms: ["candidate"] }),
    /SQL statements per order: cannot tell \(no data in the candidate arm\)/,
    /Get data for order import: SQL statements .*peakproof doctor/,
  ],
  [
    "one-sided: nothing measured in the baseline",
    change(empty, { arms: ["baseline"] }),
    /latency p95: cannot tell \(no data in the baseline arm\)/,
    /Get data for .*latency p95.*peakproof doctor/,
  ],
  ["truncated: a run that was cut short", { ...whole, validity: [cutShort] }, /cut short: k6 was killed/, /Run it again to its/],
  [
    "truncated: of a run without a plan only the first block is there",
    unplanned(change(firstOnly(1), { from: plenty })),
    /typical latency: cannot tell \(both arms were measured in only 1 of 15 blocks, 6 needed/,
    /Get data for order import: typical latency/,
  ],
  [
    "truncated: of a run without a plan a third is there",
    unplanned(change(firstOnly(5), { from: plenty })),
    /failed share: both arms were measured in only 5 of 15 blocks; a pass requires 6/,
    /why the other blocks have no data/,
  ],
  [
    "truncated: the candidate fell silent after five of fifteen blocks",
    unplanned(change(firstOnly(5), { from: plenty, arms: ["candidate"] })),
    /only 5 of 15 blocks/,
    /why the other blocks have no data/,
  ],
  ["all NaN", change(notNumbers), /cannot tell \(100\.0 % of the measurements were not numbers/, /Get data for order import/],
  ["NaN in the candidate", change(notNumbers, { arms: ["candidate"] }), /50\.0 % of the measurements were no/, /Get data for/],
  [
    "a tenth of the values NaN",
    change((entry, index) => (index % 10 === 0 ? notNumbers(entry) : entry)),
    /13\.3 % of the measurements were not numbers/,
    /Get data for/,
  ],
  [
    "all errors: every transaction fails in both arms",
    change(allFail),
    /100 % fail in the baseline, which bars a pass/,
    /Repair the baseline or the workload first/,
  ],
  [
    "zero traffic",
    { ...change(empty), volumes: whole.volumes.map((volume) => ({ ...volume, ...noVolume })) },
    /no transaction was completed in either arm/,
    /Read k6\/k6\.log .*peakproof doctor/,
  ],
  [
    "missing probe: the manifest says so",
    { ...whole, validity: [silentProbe] },
    /the probe redis read nothing/,
    /peakproof doctor/,
  ],
  [
    "missing probe: no statements",
    change(empty, { only: (id) => id.includes("statements") }),
    /SQL statements per order: cannot tell \(no data in either arm\)/,
    /Get data for order import: SQL statements per order: run peakproof doctor/,
  ],
  [
    "missing probe: no CPU times",
    change(empty, { only: (id) => id.includes("cpu") }),
    /Odoo CPU time per transaction: cannot tell \(no data in either arm\)/,
    /Get data for all services: Odoo CPU time per transaction: run peakproof doctor/,
  ],
  [
    "missing calibration: one run of each release",
    { ...whole, ...oneRunEach },
    /noise between runs of one release is unknown for .* and \d+ more gates/,
    /schedule duet.*`peakproof calibrate`/,
  ],
  [
    "missing calibration: of one gate",
    { ...whole, ...oneRunEach, betweenRunSd: learned(({ id }) => !id.endsWith("latency-p95")) },
    /noise between runs of one release is unknown for order import: latency p95; fewer/,
    /`peakproof calibrate`/,
  ],
  [
    "mismatched workloads",
    { ...whole, validity: [otherWorkload] },
    /did not have the same workload/,
    /runs of the same workload/,
  ],
  [
    "one gate without data",
    change(empty, { only: (id) => id.endsWith("latency-typical") }),
    /typical latency: cannot tell \(no data in either arm\)/,
    /Get data for order import: typical latency:/,
  ],
  [
    "all blocks disturbed",
    { ...whole, blocks: whole.blocks.map(disturb) },
    /environment disturbed: only 0 of 15 blocks were undisturbed/,
    /on a machine with less other work/,
  ],
  [
    "five blocks left",
    { ...whole, blocks: whole.blocks.map((block) => (block.index < 5 ? block : disturb(block))) },
    /only 5 of 15 blocks were undisturbed; 6 are needed/,
    /Run longer, or on a machine with less/,
  ],
  [
    "a tenth of the arrivals missed",
    { ...whole, volumes: whole.volumes.map((volume) => ({ ...volume, planned: 672, dropped: 70 })) },
    /the load did not happen as planned: 600 of 672 orders ended, 70 never started/,
    /Lower the rate in the workload/,
  ],
  [
    "a rule that was not checked",
    { ...whole, invariants: [uncheckedRule] },
    /imports arrive once: not checked in the candidate/,
    /read-only invariants connection/,
  ],
];

describe("too little evidence is never a pass", () => {
  test("the same evidence, whole, passes", () => {
    for (const evidence of [whole, plenty, unplanned(whole)]) expect(evaluate(evidence, defaultPolicy).verdict).toBe("pass");
  });

  test("one run of each release passes where A/A runs have taught their noise", () => {
    const taught = { ...whole, ...oneRunEach, betweenRunSd: learned(() => true) };
    expect(evaluate(taught, defaultPolicy).reasons.map(({ text }) => text)).toEqual([
      expect.stringContaining("is shown to be no worse than its margin"),
    ]);
  });

  test.each(cases)("%s", (_, evidence, reason, step) => {
    const { verdict, reasons, next, summary } = evaluate(evidence, defaultPolicy);
    expect(verdict).toBe("inconclusive");
    expect(reasons.map(({ text }) => text).join("\n")).toMatch(reason);
    expect(next.join("\n")).toMatch(step);
    expect(summary).toMatch(/^No verdict on 1\.1 yet: .{10}/);
    for (const text of [...reasons.map((each) => each.text), ...next]) expect(text.length).toBeGreaterThan(10);
  });

  test("one block in which the candidate was slow is no regression either", () => {
    const slow = syntheticEvidence({ seed: 1, perBlock: 400, ownSd: 0.005, spread: 0.1, candidate: { latencyFactor: 2 } });
    expect(evaluate(slow, defaultPolicy).verdict).toBe("fail");
    expect(evaluate(unplanned(change(firstOnly(1), { from: slow })), defaultPolicy).verdict).toBe("inconclusive");
  });

  test("no gates left by the policy is inconclusive", () => {
    const { verdict, next } = evaluate(whole, { ...defaultPolicy, indicators: { "*": { gate: false } } });
    expect(verdict).toBe("inconclusive");
    expect(next.join()).toContain("that the policy leaves at least one gate");
  });
});

describe("what is no lack of evidence", () => {
  test("a candidate that fails everything fails, though it left nothing to time", () => {
    const { verdict, summary } = evaluate(change(allFail, { arms: ["candidate"] }), defaultPolicy);
    expect(verdict).toBe("fail");
    expect(summary).toContain("failed share 0 % → 100 %");
  });

  test("a candidate that fails everything from the middle on fails", () => {
    const evidence = change((entry, index) => (index >= 8 ? allFail(entry) : entry), { arms: ["candidate"] });
    expect(evaluate(evidence, defaultPolicy).verdict).toBe("fail");
  });

  test("a broken business rule fails even a run that was cut short", () => {
    const broken = {
      id: "import-exactly-once",
      arm: "candidate",
      label: "imports arrive once",
      status: "broken",
      checked: 90,
      violations: 2,
      examples: ["pp-1"],
    } as const;
    const { verdict, summary } = evaluate({ ...whole, validity: [cutShort], invariants: [broken] }, defaultPolicy);
    expect(verdict).toBe("fail");
    expect(summary).toContain("imports arrive once: broken by 2 of 90");
  });

  test("a rule that only the baseline breaks is no ground to compare with", () => {
    const broken = {
      id: "stock",
      arm: "baseline",
      label: "no negative stock",
      status: "broken",
      checked: 90,
      violations: 2,
      examples: [],
    } as const;
    expect(evaluate({ ...whole, invariants: [broken] }, defaultPolicy).verdict).toBe("inconclusive");
  });

  test("arrivals that only the candidate lost do not hide its regression", () => {
    const slow = syntheticEvidence({ seed: 3, candidate: { latencyFactor: 2.5 } });
    const lost: Evidence = {
      ...slow,
      volumes: slow.volumes.map((volume) => ({ ...volume, planned: 420, interrupted: 60 })),
      transactions: slow.transactions.map((entry) => (entry.arm === "candidate" ? { ...entry, count: 120 } : entry)),
    };
    expect(evaluate(lost, defaultPolicy).verdict).toBe("fail");
  });
});
