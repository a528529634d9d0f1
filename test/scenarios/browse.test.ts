import { expect, test } from "vitest";

import { browseShop, isCustomer } from "../../scenarios/browse.ts";
import { createChooser } from "../../scenarios/lib/hash.ts";
import type { Transaction } from "../../scenarios/lib/transaction.ts";
import { findRouteStep } from "../../src/odoo-log/route-step.ts";
import { normaliseRoute } from "../../src/odoo-log/route.ts";
import { shopRequest } from "../load/shop-plan.ts";
import { scriptedStep } from "./scripted-step.ts";

const card = (slug: string) => `<form class="oe_product_cart"><a href="/shop/${slug}">x</a></form>`;
const listing = (...slugs: readonly string[]) => ({ body: `<div id="products_grid">${slugs.map(card).join("")}</div>` });
const SHOP = {
  body: `<a href="/shop/category/garden-3">Garden</a><a href="/shop?order=name+asc">A-Z</a>${listing("oak-hose-1", "red-pan-2").body}`,
};
const PRODUCT = { body: `<section id="product_detail">` };
const CATEGORY = { body: SHOP.body.replace("oak-hose-1", "blue-rake-4") };

function visit(pages: Parameters<typeof scriptedStep>[0], { size = 7, pair = 1 } = {}) {
  const { step, asked } = scriptedStep(pages);
  const transaction: Transaction = {
    arm: "baseline",
    target: { baseUrl: "http://127.0.0.1:1", database: "shop" },
    pair,
    size,
    data: shopRequest().data,
    variants: {},
    stamp: "pp-t1-b-",
    reference: "pp-t1-b-br-0",
    choose: createChooser({ seed: 1, scenario: "browse", pair }),
    step,
    sinceDueMs: () => 0,
    record: () => {
      throw new Error("a visit writes nothing");
    },
  };
  return { run: () => browseShop(transaction), asked, transaction };
}

const PAGES = {
  "browse/shop": [SHOP],
  "browse/category": [CATEGORY],
  "browse/search": [CATEGORY],
  "browse/filter": [CATEGORY],
  "browse/product": [PRODUCT, PRODUCT, PRODUCT, PRODUCT, PRODUCT, PRODUCT],
};

test("a visit opens every kind of page, as many as it should, and its requests belong to their steps in Odoo's log", () => {
  const { run, asked } = visit(PAGES);
  run();
  expect(asked.map(({ name }) => name)).toEqual([
    "browse/shop",
    "browse/category",
    "browse/product",
    "browse/search",
    "browse/product",
    "browse/filter",
    "browse/product",
  ]);
  for (const { name, path } of asked) expect(findRouteStep("GET", normaliseRoute(path))?.step).toBe(name);
});

test("both arms of a pair see the same pages, and other pairs other ones", () => {
  const pathsOf = (pair: number) => {
    const { run, asked } = visit(PAGES, { pair });
    run();
    return asked.map(({ path }) => path).join(" ");
  };
  expect(pathsOf(1)).toBe(pathsOf(1));
  expect(new Set([1, 2, 3, 4, 5, 6].map(pathsOf)).size).toBeGreaterThan(1);
});

test("a page without categories or filters leads to a product, and a search without hits back to the shop page", () => {
  const bare = listing("oak-hose-1");
  const { run, asked } = visit({
    ...PAGES,
    "browse/shop": [bare],
    "browse/search": [{ body: `<div id="products_grid"></div>` }],
  });
  run();
  expect(asked.map(({ name }) => name).filter((name) => name !== "browse/product")).toEqual(["browse/shop", "browse/search"]);
  expect(asked).toHaveLength(7);
  expect(asked.at(-1)?.path).toBe("/shop/oak-hose-1?peakproof=browse-product");
});

test("a shop page without products ends the visit as a failure of the application", () => {
  expect(visit({ "browse/shop": [{ body: "<html></html>" }] }).run).toThrow(/lacks oe_product_cart/);
});

test("one page is the shop page alone", () => {
  const { run, asked } = visit(PAGES, { size: 1 });
  run();
  expect(asked).toHaveLength(1);
});

test("three visits in ten are those of a customer, and the pair decides which", () => {
  const customers = Array.from({ length: 1000 }, (_, pair) => visit({}, { pair }).transaction).filter((each) => isCustomer(each));
  expect(customers.length).toBeGreaterThan(250);
  expect(customers.length).toBeLessThan(350);
});
