import type { AddedTime, ErrorOrigin, StatementChange } from "../../../src/domain/judgement/evaluation.ts";

/** PRICE_RULE is the statement that the invented release runs once per order line. */
export const PRICE_RULE =
  'SELECT "retail_price_rule".id FROM "retail_price_rule" WHERE ("retail_price_rule"."active" = $1) AND ' +
  '("retail_price_rule"."product_id" = $2) ORDER BY "retail_price_rule"."sequence" LIMIT $3';

/** inventAddedTime returns the parts of the added time of order confirmation, and a step whose added time is unexplained. */
export function inventAddedTime(): readonly AddedTime[] {
  return [
    {
      step: "order-import/confirm",
      scenario: "order-import",
      service: "order-import",
      baselineMs: 131,
      candidateMs: 280,
      addedMs: 149,
      standardError: 4.1,
      parts: [
        { part: "late-start", layer: "loader", addedMs: 0.4, standardError: 0.3, known: "step" },
        { part: "python", layer: "odoo", addedMs: 58.4, standardError: 2.2, known: "step" },
        { part: "more-statements", layer: "odoo", addedMs: 84.2, standardError: 1.9, known: "step" },
        { part: "slower-statements", layer: "postgres", addedMs: -3.1, standardError: 1.9, known: "step" },
        { part: "queue", layer: "odoo", addedMs: 2.8, standardError: 1.1, known: "step" },
        { part: "ingress", layer: "ingress", addedMs: 4.2, standardError: 1.6, known: "arm" },
        { part: "unexplained", layer: null, addedMs: 2.1, standardError: null, known: "step" },
      ],
      explained: 0.976,
      layer: "odoo",
      missing: [],
    },
    {
      step: "order-import/check",
      scenario: "order-import",
      service: "order-import",
      baselineMs: 9.4,
      candidateMs: 21.2,
      addedMs: 11.8,
      standardError: 3.9,
      parts: [{ part: "unexplained", layer: null, addedMs: 11.8, standardError: null, known: "step" }],
      explained: 0,
      layer: "cannot-tell",
      missing: ["Odoo's log of these requests"],
    },
  ];
}

/** inventStatements are the statements that took more time. */
export function inventStatements(): readonly StatementChange[] {
  return [
    {
      statement: PRICE_RULE,
      tables: ["retail_price_rule"],
      calls: { baseline: 0, candidate: 42.1 },
      execMs: { baseline: 0, candidate: 5.88 },
      rows: { baseline: 0, candidate: 42.1 },
      blocks: { baseline: 0, candidate: 126.4 },
      walBytes: { baseline: 0, candidate: 0 },
    },
    {
      statement: 'INSERT INTO "sale_order_line" (...) VALUES (...)',
      tables: ["sale_order_line"],
      calls: { baseline: 18.2, candidate: 18.2 },
      execMs: { baseline: 3.61, candidate: 3.74 },
      rows: { baseline: 18.2, candidate: 18.2 },
      blocks: { baseline: 402, candidate: 407 },
      walBytes: { baseline: 12_600, candidate: 12_700 },
    },
  ];
}

/** inventErrors are the failed requests of both releases. */
export function inventErrors(): readonly ErrorOrigin[] {
  return [
    {
      step: "checkout/payment-status",
      service: "checkout",
      outcome: "ingress",
      layer: "ingress",
      failed: { baseline: 0, candidate: 2 },
      requests: { baseline: 206, candidate: 206 },
    },
  ];
}
