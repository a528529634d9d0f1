import { expect, test } from "vitest";

import type { OdooSession } from "../../../src/odoo/connection/session.ts";
import { readStore } from "../../../src/odoo/shop/store.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

const main = {
  id: 1,
  payment_method_ids: [1, 2],
  pricelist_id: [4, "Public"],
  picking_type_id: [6, "PoS Orders"],
  company_id: [1, "Shop"],
  invoice_journal_id: false,
  cash_control: false,
};

/** Free stock of the two warehouses, by location and product. */
const FREE: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  8: { 501: 1000, 502: 1000, 503: 5 },
  18: { 501: 1000, 502: 20, 503: 1000 },
};

/** odooWith creates a stand-in for Odoo that returns whole tables and ignores the domain of a search. */
function odooWith(changes: { configs?: Rows; open?: Rows } = {}): { readonly session: OdooSession; readonly calls: string[] } {
  const tables: Readonly<Record<string, Rows>> = {
    "pos.config": changes.configs ?? [main],
    "pos.session": changes.open ?? [],
    "pos.payment.method": [{ id: 2 }],
    "stock.picking.type": [
      { id: 6, default_location_src_id: [8, "WH/Stock"] },
      { id: 16, default_location_src_id: [18, "OUT/Stock"] },
    ],
    "product.product": [501, 502, 503].map((id) => ({ id, lst_price: 10, taxes_id: [3, 8] })),
    // Tax 8 belongs to another company.
    "account.tax": [{ id: 3 }, { id: 4 }],
  };
  const calls: string[] = [];
  const answer = (model: string, method: string, args: readonly unknown[]): unknown => {
    if (method === "search_read") return tables[model];
    if (method === "read_group") return groups(JSON.stringify(args));
    if (method !== "compute_all") throw new Error(`${model}.${method} does not read`);
    const [, price, , quantity] = args;
    const untaxed = Number(price) * Number(quantity);
    return { total_excluded: untaxed, total_included: untaxed * 1.25, taxes: [] };
  };
  const account = { baseUrl: "http://127.0.0.1:1", database: "shop", login: "api", password: "x" };
  const session: OdooSession = {
    account,
    uid: 7,
    call: async ({ model, method, args }, shape) => {
      calls.push(`${model}.${method}`);
      return shape.parse(answer(model, method, args));
    },
  };
  return { session, calls };
}

function groups(args: string): unknown {
  const location = Number(/"child_of",(\d+)/.exec(args)?.[1]);
  return Object.entries(FREE[location] ?? {}).map(([id, quantity]) => ({
    product_id: [Number(id), "x"],
    quantity,
    reserved_quantity: 0,
  }));
}

const options = { storeOrders: "create-from-ui", tillClosing: "button", minimumStock: 100 } as const;

test("a till has its price list, its payment method without cash, and its cashier", async () => {
  const store = await readStore(odooWith().session, options);
  expect(store).toMatchObject({ cashierId: 7, tills: [{ configId: 1, pricelistId: 4, paymentMethodId: 2 }] });
});

test("tills sell the products that each of them has in stock, at the amounts that Odoo computes", async () => {
  const outlet = { ...main, id: 2, picking_type_id: [16, "PoS Orders"] };
  const { products } = await readStore(odooWith({ configs: [main, outlet] }).session, options);
  expect(products).toEqual([
    {
      id: 501,
      price: 10,
      taxIds: [3],
      amounts: [
        { untaxed: 10, total: 12.5 },
        { untaxed: 20, total: 25 },
      ],
    },
  ]);
});

test.each([
  { name: "another user has an open session on it", changes: { open: [{ config_id: [1, "Shop"] }] } },
  { name: "a person must count its cash", changes: { configs: [{ ...main, cash_control: true }] } },
  { name: "it takes only cash", changes: { configs: [{ ...main, payment_method_ids: [1] }] } },
])("a till is not used if $name", async ({ changes }) => {
  expect(await readStore(odooWith(changes).session, options)).toMatchObject({ tills: [], products: [] });
});

test("a till that closes its own session may take cash", async () => {
  const { session } = odooWith({ configs: [{ ...main, cash_control: true }] });
  expect((await readStore(session, { ...options, tillClosing: "counted" })).tills).toHaveLength(1);
});

test("a till needs an invoice journal if Odoo refuses orders without one", async () => {
  const synced = { ...options, storeOrders: "sync-from-ui" } as const;
  expect((await readStore(odooWith().session, synced)).tills).toEqual([]);
  const { session } = odooWith({ configs: [{ ...main, invoice_journal_id: [9, "Invoices"] }] });
  expect((await readStore(session, synced)).tills).toHaveLength(1);
});

test("only tills of one company are used", async () => {
  const other = { ...main, id: 2, company_id: [5, "Other"] };
  const { tills } = await readStore(odooWith({ configs: [main, other, { ...main, id: 3 }] }).session, options);
  expect(tills.map(({ configId }) => configId)).toEqual([1, 3]);
});

test("at most three tills are used, because their sessions stay in Odoo", async () => {
  const configs = [1, 2, 3, 4, 5].map((id) => ({ ...main, id }));
  expect((await readStore(odooWith({ configs }).session, options)).tills.map(({ configId }) => configId)).toEqual([1, 2, 3]);
});
