import { describe, expect, test } from "vitest";

import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import { defaultPolicy } from "../../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "../synthetic-evidence.ts";

const lines = `SELECT "sale_order_line".id FROM "sale_order_line" WHERE "order_id" in (...)`;
const prices = `SELECT "product_pricelist_item".id FROM "product_pricelist_item"`;

/** Three times the buffer accesses in the candidate, by calls of one statement and their blocks. */
function threefold(use: { calls: number; blocksPerCall: number }, statement: string): Evidence {
  const evidence = syntheticEvidence({ seed: 5 });
  const of = (arm: "baseline" | "candidate", text: string, calls: number, blocks: number) =>
    ({ arm, statement: text, calls, execMs: 0.1 * calls, rows: calls, blocks, walBytes: 0 }) as const;
  return {
    ...evidence,
    series: evidence.series.map((series) =>
      series.indicator.id === "platform.blocks-per-transaction"
        ? {
            ...series,
            blocks: {
              ...series.blocks,
              candidate: series.blocks.candidate.map((block) =>
                block.kind === "ratio" ? { ...block, numerator: 3 * block.numerator } : block,
              ),
            },
          }
        : series,
    ),
    statements: [
      of("baseline", statement, 1000, 20_000),
      of("candidate", statement, use.calls, use.calls * use.blocksPerCall),
      of("baseline", "SELECT 1", 1000, 5000),
      of("candidate", "SELECT 1", 1000, 5100),
    ],
  };
}

describe("three times the buffer accesses", () => {
  test("fail a release that is as fast and runs as many statements, and name the statement that lost its index", () => {
    const { verdict, attribution, changes } = evaluate(threefold({ calls: 1000, blocksPerCall: 900 }, lines), defaultPolicy);
    expect(verdict).toBe("fail");
    expect(changes.filter(({ gate, change }) => gate && change === "regressed").map(({ indicator }) => indicator)).toEqual([
      "platform.blocks-per-transaction",
    ]);
    expect(attribution).toHaveLength(1);
    expect(attribution[0]).toMatchObject({ layer: "postgres", statement: lines });
    expect(attribution[0]?.text).toContain("20 → 900 a call");
  });

  test("are Odoo's doing where the statement is called more often", () => {
    const { attribution } = evaluate(threefold({ calls: 40_000, blocksPerCall: 20 }, prices), defaultPolicy);
    expect(attribution[0]).toMatchObject({ layer: "odoo", statement: prices });
    expect(attribution[0]?.text).toContain("calls");
  });
});

test("equal buffer accesses name nothing", () => {
  expect(evaluate(syntheticEvidence({ seed: 5 }), defaultPolicy).attribution).toEqual([]);
});
