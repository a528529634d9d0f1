import { expect, test } from "vitest";

import type { Attribution } from "../../../src/domain/judgement/evaluation.ts";
import { countedFirst } from "../../../src/evaluator/attribution/findings.ts";

const statements = (
  addedCalls: number | null,
  addedMs: number | null,
  service: Attribution["service"] = "order-import",
): Attribution => ({
  service,
  layer: "odoo",
  text: "more statements",
  statement: null,
  addedCalls,
  addedMs,
});
const lockWaits: Attribution = {
  service: "order-import",
  layer: "postgres",
  text: "lock waits",
  statement: null,
  addedCalls: null,
  addedMs: 811,
};

test("a statement more, in an order that waits for locks, is an effect of the wait", () => {
  const order = countedFirst([statements(0.939, 0.104)], [lockWaits]);
  expect(order.map(({ text }) => text)).toEqual(["lock waits", "more statements"]);
});

test("hundreds of statements more are the cause, though PostgreSQL is quick about them", () => {
  const order = countedFirst([statements(571, 3)], [lockWaits]);
  expect(order.map(({ text }) => text)).toEqual(["more statements", "lock waits"]);
});

test("statements come first where the time was added to another service, or to none", () => {
  const other = statements(1, 0.1, "checkout");
  expect(countedFirst([other], [lockWaits])).toEqual([other, lockWaits]);
  expect(countedFirst([other], [])).toEqual([other]);
});
