import { expect, test } from "vitest";

import { findOutcome } from "../../../scenarios/lib/answer.ts";
import { quant } from "../../../scenarios/odoo/stock-count.ts";
import { rpcAnswer, scriptedStep } from "../scripted-step.ts";

const request = {
  reference: "pp-t1-b-ss-0",
  locationId: 8,
  counts: [
    { productId: 5, quantity: 700 },
    { productId: 6, quantity: 800 },
  ],
};
const row = (id: number, productId: number) => ({ id, product_id: [productId, "x"], quantity: 10 });

function commandsOf(asked: readonly { readonly json?: unknown }[]): unknown {
  const write = asked.find(({ json }) => JSON.stringify(json).includes("quant_ids"));
  return JSON.parse(JSON.stringify(write?.json)).params.args[1].quant_ids;
}

test("counts are written to the quants that are there", () => {
  const { step, asked } = scriptedStep({
    "stock-sync/check-levels": [rpcAnswer([row(31, 5), row(32, 6)])],
    "stock-sync/create": [rpcAnswer(true)],
  });
  expect(quant.handOver(step, request)).toEqual({ id: null, ids: [31, 32] });
  expect(commandsOf(asked)).toEqual([
    [1, 31, { inventory_quantity: 700 }],
    [1, 32, { inventory_quantity: 800 }],
  ]);
});

test("of several rows of a product one holds the count, and a product without one gets a row that is applied too", () => {
  const { step, asked } = scriptedStep({
    "stock-sync/check-levels": [rpcAnswer([row(31, 5), row(33, 5)]), rpcAnswer([row(31, 5), row(33, 5), row(40, 6)])],
    "stock-sync/create": [rpcAnswer(true)],
  });
  expect(quant.handOver(step, request).ids).toEqual([31, 33, 40]);
  expect(commandsOf(asked)).toEqual([
    [1, 31, { inventory_quantity: 700 }],
    [1, 33, { inventory_quantity: 0 }],
    [0, 0, { product_id: 6, inventory_quantity: 800, inventory_quantity_set: true }],
  ]);
});

test.each([
  { name: "nothing", answer: rpcAnswer(), want: "ok" },
  {
    name: "a window about stock that changed since",
    answer: rpcAnswer({ res_model: "stock.inventory.conflict" }),
    want: "conflict",
  },
  { name: "another window", answer: rpcAnswer({ res_model: "stock.track.confirmation" }), want: "application" },
])("a count that is answered with $name is $want", ({ answer, want }) => {
  const { step, asked } = scriptedStep({ "stock-sync/start": [rpcAnswer(9)], "stock-sync/apply": [answer] });
  let outcome = "ok";
  try {
    quant.apply(step, request, { id: null, ids: [31, 32] });
  } catch (error) {
    outcome = findOutcome(error);
  }
  expect(outcome).toBe(want);
  expect(JSON.stringify(asked[0]?.json)).toContain('"inventory_adjustment_name":"pp-t1-b-ss-0","quant_ids":[[6,0,[31,32]]]');
});
