import { describe, expect, test } from "vitest";
import type { Block, BlockValues, Evidence, ValidityFact } from "../../src/domain/evidence.ts";
import { defaultPolicy } from "../../src/evaluator/default-policy.ts";
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
  options: { arms?: readonly string[]; only?: (indicator: string) => boolean } = {},
): Evidence {
  const { arms = ["baseline", "candidate"], only = () => true } = options;
  return {
    ...whole,
    series: whole.series.map(({ indicator, blocks }) => ({
      indicator,
      blocks: {
        baseline: arms.includes("baseline") && only(indicator.id) ? blocks.baseline.map(map) : blocks.baseline,
        candidate: arms.includes("candidate") && only(indicator.id) ? blocks.candidate.map(map) : blocks.candidate,
      },
    })),
  };
}

const invalid = (code: string): ValidityFact => ({
  code,
  severity: "invalid",
  text: `${code} happened`,
  remedy: "Run it again.",
});
const disturb = (block: Block): Block => ({ ...block, disturbance: "steal 20 %" });
const noVolume = { achieved: 0, failed: 0, dropped: 300, interrupted: 0 };
const allFail = (entry: BlockValues): BlockValues =>
  entry.kind === "count" ? { ...entry, events: entry.exposure } : empty(entry);

const cases: readonly { readonly name: string; readonly evidence: Evidence }[] = [
  { name: "no series at all", evidence: { ...whole, series: [] } },
  {
    name: "no blocks at all",
    evidence: {
      ...change((entry) => entry),
      blocks: [],
      series: whole.series.map((s) => ({ ...s, blocks: { baseline: [], candidate: [] } })),
    },
  },
  { name: "nothing measured in either arm", evidence: change(empty) },
  { name: "nothing measured in the candidate", evidence: change(empty, { arms: ["candidate"] }) },
  { name: "nothing measured in the baseline", evidence: change(empty, { arms: ["baseline"] }) },
  { name: "nothing but NaN", evidence: change(notNumbers) },
  { name: "NaN in the candidate", evidence: change(notNumbers, { arms: ["candidate"] }) },
  { name: "a tenth of the values NaN", evidence: change((entry, index) => (index % 10 === 0 ? notNumbers(entry) : entry)) },
  { name: "every transaction fails in both arms", evidence: change(allFail) },
  { name: "no traffic", evidence: { ...change(empty), volumes: whole.volumes.map((volume) => ({ ...volume, ...noVolume })) } },
  { name: "the statement probe silent", evidence: change(empty, { only: (id) => id.includes("statements") }) },
  { name: "the CPU probe silent", evidence: change(empty, { only: (id) => id.includes("cpu") }) },
  { name: "one gate without data", evidence: change(empty, { only: (id) => id.endsWith("latency-p50") }) },
  { name: "all blocks disturbed", evidence: { ...whole, blocks: whole.blocks.map(disturb) } },
  {
    name: "five blocks left",
    evidence: { ...whole, blocks: whole.blocks.map((block) => (block.index < 5 ? block : disturb(block))) },
  },
  { name: "a run that was cut short", evidence: { ...whole, validity: [invalid("run-aborted")] } },
  { name: "workloads that differ", evidence: { ...whole, validity: [invalid("workloads-differ")] } },
  {
    name: "a tenth of the arrivals missed",
    evidence: {
      ...whole,
      volumes: whole.volumes.map((volume) => ({ ...volume, planned: (volume.planned ?? 0) * 1.12, dropped: 70 })),
    },
  },
  {
    name: "one transaction per arm and block in a single block",
    evidence: change((entry, index) => (index === 0 ? entry : empty(entry))),
  },
  {
    name: "a rule that was not checked",
    evidence: {
      ...whole,
      invariants: [
        {
          id: "import-exactly-once",
          arm: "candidate",
          label: "imports arrive once",
          status: "not-checked",
          checked: 0,
          violations: 0,
          examples: [],
        },
      ],
    },
  },
];

describe("too little evidence is never a pass", () => {
  test("the same evidence, whole, passes", () => {
    expect(evaluate(whole, defaultPolicy).verdict).toBe("pass");
  });

  test.each(cases)("$name", ({ evidence }) => {
    const { verdict, reasons, next } = evaluate(evidence, defaultPolicy);
    expect(verdict).toBe("inconclusive");
    expect(reasons.length).toBeGreaterThan(0);
    expect(next.length).toBeGreaterThan(0);
    for (const text of [...reasons.map((reason) => reason.text), ...next]) expect(text.length).toBeGreaterThan(10);
  });

  test("no gates left by the policy is inconclusive", () => {
    expect(evaluate(whole, { ...defaultPolicy, indicators: { "*": { gate: false } } }).verdict).toBe("inconclusive");
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
    const { verdict, summary } = evaluate({ ...whole, validity: [invalid("run-aborted")], invariants: [broken] }, defaultPolicy);
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
    const shared = { ...lost, transactions: slow.transactions };
    expect(evaluate(shared, defaultPolicy).verdict).toBe("inconclusive");
  });
});
