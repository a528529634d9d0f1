import { describe, expect, test } from "vitest";

import { stepFalls } from "../../src/report/charts/added-time.ts";
import { renderWhy } from "../../src/report/html/why.ts";
import { CASES } from "./cases/invented-cases.ts";
import { inventAddedTime } from "./cases/invented-causes.ts";
import { inventPass } from "./cases/invented-evaluation.ts";

const textOf = (html: string): string =>
  html
    .replaceAll(/<svg.*?<\/svg>/gs, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/[ \n]+/g, " ");

describe("the waterfall of a step", () => {
  test("each bar begins where the one before ended, and the last ends at all of the added time", () => {
    for (const time of inventAddedTime()) {
      const { falls, total } = stepFalls(time);
      for (const [index, fall] of falls.entries()) expect(fall.start).toBe(index === 0 ? 0 : falls[index - 1]?.end);
      expect(falls.at(-1)?.end).toBeCloseTo(total.end, 9);
      expect(total.end).toBe(time.addedMs);
    }
  });

  test("parts too short to see fall as one, and what is unexplained comes last", () => {
    const [names] = inventAddedTime().map((time) => stepFalls(time).falls.map(({ name }) => name));
    expect(names).toEqual([
      "Python",
      "more SQL statements",
      "slower SQL statements",
      "queue for a worker",
      "ingress",
      "smaller parts",
      "unexplained",
    ]);
  });

  test("says in text all that its bars show", () => {
    const text = textOf(renderWhy(CASES["fail-n-plus-one"]?.() ?? inventPass()).markup);
    expect(text).toContain("Added time per request: order-import/confirm");
    expect(text).toContain("more SQL statements +84.2");
    expect(text).toContain("unexplained +2.10");
    expect(text).toContain("in all +149");
    expect(text).toContain("Shared out from what was measured for the whole arm: ingress.");
    expect(text).toContain("97.6\u202f% explained, most in layer odoo");
    expect(text).toContain("too little to name a layer. Not read, and would tell more: Odoo&#39;s log of these requests.");
  });

  test("a verdict that was stored without time by step keeps the waterfall of its findings", () => {
    const { attribution } = CASES["fail-n-plus-one"]?.() ?? inventPass();
    const text = textOf(renderWhy({ ...inventPass(), verdict: "fail", attribution }).markup);
    expect(text).toContain("Added time per transaction: order-import");
    expect(text).toContain("named in all +149");
  });
});

test("statements and failed requests stand beside their figures", () => {
  const text = textOf(renderWhy(CASES["fail-n-plus-one"]?.() ?? inventPass()).markup);
  expect(text).toContain("retail_price_rule text SELECT &quot;retail_price_rule&quot;.id");
  expect(text).toContain("0 → 42.1");
  expect(text).toContain("12.6 → 12.7\u202fkB");
  expect(text).toContain("checkout/payment-status ingress ingress 0 of 206 2 of 206");
});
