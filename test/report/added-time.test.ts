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
  test("each bar begins where the previous bar ends, and the last bar ends at the total added time", () => {
    for (const time of inventAddedTime()) {
      const { falls, total } = stepFalls(time);
      for (const [index, fall] of falls.entries()) expect(fall.start).toBe(index === 0 ? 0 : falls[index - 1]?.end);
      expect(falls.at(-1)?.end).toBeCloseTo(total.end, 9);
      expect(total.end).toBe(time.addedMs);
    }
  });

  test("short parts are combined into one bar, and the unexplained part comes last", () => {
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

  test("contains the names and numbers of its bars as text", () => {
    const text = textOf(renderWhy(CASES["fail-n-plus-one"]?.() ?? inventPass()).markup);
    expect(text).toContain("Added time per request: order-import/confirm");
    expect(text).toContain("more SQL statements +84.2");
    expect(text).toContain("unexplained +2.10");
    expect(text).toContain("total +149");
    expect(text).toContain("Estimated from measurements of the whole arm: ingress.");
    expect(text).toContain("97.6\u202f% of the added time is explained, most of it in layer odoo");
    expect(text).toContain("too little to name a layer. Not recorded, but would explain more: Odoo&#39;s log of these requests.");
  });

  test("a verdict without added time by step has a waterfall of its findings", () => {
    const { attribution } = CASES["fail-n-plus-one"]?.() ?? inventPass();
    const text = textOf(renderWhy({ ...inventPass(), verdict: "fail", attribution }).markup);
    expect(text).toContain("Added time per transaction: order-import");
    expect(text).toContain("total attributed +149");
  });
});

test("statements and failed requests are listed with their counts", () => {
  const text = textOf(renderWhy(CASES["fail-n-plus-one"]?.() ?? inventPass()).markup);
  expect(text).toContain("retail_price_rule SQL text SELECT &quot;retail_price_rule&quot;.id");
  expect(text).toContain("0 → 42.1");
  expect(text).toContain("12.6 → 12.7\u202fkB");
  expect(text).toContain("checkout/payment-status ingress ingress 0 of 206 2 of 206");
});
