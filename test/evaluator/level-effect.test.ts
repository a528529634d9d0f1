import { expect, test } from "vitest";

import type { BlockValues, Series } from "../../src/domain/judgement/evidence.ts";
import { backlogIndicators } from "../../src/evaluator/catalogue/backlog-indicators.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

const BLOCKS = 15;

/** Two looks a block at what waits. */
function levels(level: (block: number) => number): BlockValues[] {
  return Array.from({ length: BLOCKS }, (_, block) => ({ kind: "ratio", numerator: 2 * level(block), denominator: 2 }));
}

function judge(baseline: (block: number) => number, candidate: (block: number) => number) {
  const [indicator] = backlogIndicators(["jobs_waiting"]);
  if (indicator === undefined) throw new Error("no indicator of waiting jobs");
  const evidence = syntheticEvidence({ seed: 5, blocks: BLOCKS });
  const series: Series = { indicator, blocks: { baseline: levels(baseline), candidate: levels(candidate) } };
  const evaluation = evaluate({ ...evidence, series: [...evidence.series, series] }, defaultPolicy);
  return { evaluation, change: evaluation.changes.find(({ indicator: id }) => id === "platform.jobs-waiting") };
}

/** Backlogs tremble: some more, some fewer from look to look. */
const tremble = (block: number) => 3 * Math.sin(1.7 * block);

test("a candidate that leaves three times as many jobs waiting is told, and fails nothing by it", () => {
  const { change, evaluation } = judge(
    (block) => 40 + tremble(block),
    (block) => 120 + tremble(block + 5),
  );
  expect(change).toMatchObject({ change: "regressed", effectKind: "ratio", gate: false, n: { baseline: 30, candidate: 30 } });
  expect(change?.effect).toBeCloseTo(3, 0);
  expect(evaluation.verdict).toBe("pass");
});

test("where nothing waits in one arm the difference counts, and a handful is no change that matters", () => {
  const { change } = judge(
    () => 0,
    (block) => (block % 3 === 0 ? 1 : 0),
  );
  expect(change).toMatchObject({ change: "equivalent", effectKind: "difference" });
});
