import { expect, test } from "vitest";

import { compareShopData } from "../../../src/odoo/shop/shop-data.ts";

const shop = {
  products: [{ id: 1, templateId: 1, path: "/shop/desk-1", price: 70 }],
  partners: [3, 4],
  stockLocations: [8],
  pickings: [11, 12],
  pickingTypeId: 2,
  providerId: 14,
  paymentMethodId: 0,
  carrierId: 0,
  countryId: 233,
  store: { cashierId: 2, tills: [{ configId: 1, pricelistId: 1, paymentMethodId: 2 }], products: [] },
};

test("equal data have no differences", () => {
  expect(compareShopData(shop, structuredClone(shop))).toEqual([]);
});

test("each difference is one sentence", () => {
  const other = { ...shop, partners: [3, 5], pickings: [11], providerId: 15 };
  expect(compareShopData(shop, other)).toEqual([
    "The partners differ, first 4 and 5",
    "The baseline has 2 ready pickings, the candidate 1",
    "The payment provider has id 14 in the baseline and 15 in the candidate",
  ]);
});

test("tills and their products are compared too", () => {
  const [till] = shop.store.tills;
  const store = { cashierId: 7, tills: [{ ...till, paymentMethodId: 3 }], products: [{ id: 1 }] };
  const differences = compareShopData(shop, { ...shop, ...JSON.parse(JSON.stringify({ store })) });
  expect(differences.map((text) => text.split(",")[0])).toEqual([
    "The cashier has id 2 in the baseline and 7 in the candidate",
    "The tills differ",
    "The baseline has 0 products of the tills",
  ]);
});
