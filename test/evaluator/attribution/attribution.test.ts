import { describe, expect, test } from "vitest";

import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import { defaultPolicy } from "../../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "../synthetic-evidence.ts";

const priceRule = `SELECT "retail_price_rule"."id" FROM "retail_price_rule" WHERE "product_id" = $1`;
const orderLine = `INSERT INTO "sale_order_line" (...) VALUES (...)`;
const unrelated = `UPDATE "res_users_log" SET "write_date" = $1`;

/** withStatements adds what pg_stat_statements saw: 180 orders an arm, ten price rules each in the candidate, and small change. */
function withStatements(evidence: Evidence, rulesPerOrder: number): Evidence {
  const use = (arm: "baseline" | "candidate", statement: string, calls: number, msPerCall: number) =>
    ({ arm, statement, calls, execMs: calls * msPerCall, rows: calls, blocks: calls, walBytes: 0 }) as const;
  return {
    ...evidence,
    statements: [
      use("baseline", orderLine, 1800, 0.2),
      use("candidate", orderLine, 1800, 0.2),
      use("baseline", unrelated, 100, 0.1),
      use("candidate", unrelated, 104, 0.1),
      use("candidate", priceRule, 180 * rulesPerOrder, 0.14),
    ],
  };
}

describe("attribution", () => {
  test("names the statement, how often an order runs it more, and what that costs", () => {
    const evidence = withStatements(syntheticEvidence({ seed: 1, candidate: { addedStatements: 10 } }), 10);
    const { attribution, next, verdict } = evaluate(evidence, defaultPolicy);
    expect(verdict).toBe("fail");
    expect(attribution).toHaveLength(1);
    expect(attribution[0]).toMatchObject({ service: "order-import", layer: "odoo", statement: priceRule });
    expect(attribution[0]?.addedCalls).toBeCloseTo(10, 6);
    expect(attribution[0]?.addedMs).toBeCloseTo(1.4, 6);
    expect(attribution[0]?.text).toContain(`10 more SQL statements per order: 10 × "${priceRule}" (1.4 ms more`);
    expect(next[0]).toContain(priceRule);
  });

  test("says that it cannot tell where no statement gained the calls", () => {
    const evidence = withStatements(syntheticEvidence({ seed: 1, candidate: { addedStatements: 10 } }), 0);
    const { attribution } = evaluate(evidence, defaultPolicy);
    expect(attribution[0]?.statement).toBeNull();
    expect(attribution[0]?.text).toContain("cannot tell which");
  });

  test("finds no cause where nothing regressed", () => {
    const evidence = withStatements(syntheticEvidence({ seed: 1 }), 10);
    expect(evaluate(evidence, defaultPolicy).attribution).toEqual([]);
  });

  test("does not guess at a slower service that runs the same statements", () => {
    const { attribution } = evaluate(syntheticEvidence({ seed: 3, candidate: { latencyFactor: 2 } }), defaultPolicy);
    expect(attribution.map(({ layer }) => layer)).toEqual(["cannot-tell"]);
  });

  test("names Python time where the log shows it", () => {
    const evidence = syntheticEvidence({ seed: 3, candidate: { latencyFactor: 2 } });
    const block = (ms: number) => ({ kind: "ratio", numerator: ms * 12, denominator: 12 }) as const;
    const python: Evidence["series"][number] = {
      indicator: {
        id: "order-import.confirm.python-ms-per-request",
        quantity: "python-time",
        label: "order-import/confirm: Python time per request",
        unit: "ms",
        better: "lower",
        service: "order-import",
        layer: "odoo",
        kind: "latency",
        margin: { relative: 0.15, absolute: 3 },
        gate: false,
        minimumCount: 5,
        source: {
          kind: "ratio",
          reading: "request_python_ms",
          labels: { step: "order-import/confirm" },
          per: "request",
          scenario: "order-import",
        },
      },
      blocks: {
        baseline: evidence.blocks.map(({ index }) => block(80 + (index % 3))),
        candidate: evidence.blocks.map(({ index }) => block(230 + (index % 4))),
      },
    };
    const { attribution } = evaluate({ ...evidence, series: [...evidence.series, python] }, defaultPolicy);
    expect(attribution).toHaveLength(1);
    expect(attribution[0]).toMatchObject({ layer: "odoo", service: "order-import" });
    expect(attribution[0]?.text).toMatch(/^order-import\/confirm: 15\d ms more Python time per request/);
  });
});
