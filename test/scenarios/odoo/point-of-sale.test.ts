import { describe, expect, test } from "vitest";

import { type Answer, findOutcome } from "../../../scenarios/lib/answer.ts";
import { callKw } from "../../../scenarios/lib/api.ts";
import type { Request, Step } from "../../../scenarios/lib/step.ts";
import { checkOrders, PROTOCOLS, resendOrders, syncOrders } from "../../../scenarios/odoo/point-of-sale.ts";
import { odooTime, type Receipt, sumUp } from "../../../scenarios/odoo/till-protocol.ts";

const product = { id: 7, price: 9.99, taxIds: [3], amounts: [] };
const till = { configId: 1, pricelistId: 4, paymentMethodId: 5 };
const common = { till, sessionId: 11, cashierId: 2, at: "2026-11-21 09:30:00" };

function receipt(number: number): Receipt {
  const lines = [
    { product, quantity: 1, untaxed: 9.99, total: 11.49 },
    { product: { ...product, id: 8 }, quantity: 2, untaxed: 20.1, total: 23.12 },
  ];
  return { ...common, reference: `pp-t-b-so-0-${number}`, number, lines, untaxed: 30.09, total: 34.61 };
}

const receipts = [receipt(1), receipt(2)];
const ids = new Map([
  ["pp-t-b-so-0-1", 101],
  ["pp-t-b-so-0-2", 102],
]);

interface Sent {
  readonly name: string;
  readonly path: string;
  readonly json: unknown;
}

/** odooThat answers each request with the same result, and keeps what it was sent. */
function odooThat(result: unknown): { readonly step: Step; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const answer: Answer = { status: 200, location: "", body: JSON.stringify({ jsonrpc: "2.0", id: 1, result }) };
  const take = <Value>({ name, path, json }: Request, read: (answer: Answer) => Value): Value => {
    sent.push({ name, path, json });
    return read(answer);
  };
  return { sent, step: Object.assign(take, { api: callKw }) };
}

function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return `${findOutcome(error)}: ${error instanceof Error ? error.message : ""}`;
  }
  return "none";
}

const taken = receipts.map(({ reference }, index) => ({ id: 101 + index, pos_reference: reference }));

describe.each(["create-from-ui", "sync-from-ui"] as const)("a till that speaks %s", (way) => {
  const protocol = PROTOCOLS[way];
  const wrap = (orders: unknown) => (way === "sync-from-ui" ? { "pos.order": orders, "pos.payment": [] } : orders);

  test("hands over all orders in one call and reads their ids", () => {
    const { step, sent } = odooThat(wrap(taken));
    expect(syncOrders(step, protocol, receipts)).toEqual(ids);
    expect(sent.map(({ name }) => name)).toEqual(["store-orders/sync"]);
  });

  test("is refused where an order was not taken", () => {
    expect(failureOf(() => syncOrders(odooThat(wrap(taken.slice(1))).step, protocol, receipts))).toMatch(
      /^application: 1 of 2 orders were not taken/,
    );
  });

  test("sends the same once more, at a path of its own", () => {
    const { step, sent } = odooThat(wrap([]));
    const first = odooThat(wrap(taken));
    syncOrders(first.step, protocol, receipts);
    resendOrders(step, protocol, { receipts, ids });
    expect(sent.map(({ json }) => json)).toEqual(first.sent.map(({ json }) => json));
    expect(sent[0]?.path).toBe(`${first.sent[0]?.path ?? ""}/again`);
  });

  test("is content with an answer that names the orders again, and not with new ones", () => {
    expect(failureOf(() => resendOrders(odooThat(wrap(taken)).step, protocol, { receipts, ids }))).toBe("none");
    const second = [{ id: 109, pos_reference: "pp-t-b-so-0-2" }];
    expect(failureOf(() => resendOrders(odooThat(wrap(second)).step, protocol, { receipts, ids }))).toBe(
      "application: pp-t-b-so-0-2 came in a second time, as order 109",
    );
  });

  test("sends sums that add up, and one payment of the whole total", () => {
    const text = JSON.stringify(protocol.write(receipt(1)));
    expect(text).toContain('"amount_total":34.61,"amount_tax":4.52,"amount_paid":34.61,"amount_return":0');
    expect(text).toMatch(/"payment_method_id":5,"amount":34\.61/);
  });
});

test("a till says that it knows no id yet: only where it does so, Odoo 14 to 16 look for the order", () => {
  expect(PROTOCOLS["create-from-ui"].write(receipt(1))).toMatchObject({ data: { server_id: false, name: "pp-t-b-so-0-1" } });
});

test("newer tills make up a number for the order, and one for each of its lines", () => {
  expect(PROTOCOLS["sync-from-ui"].write(receipt(1))).toMatchObject({
    uuid: "pp-t-b-so-0-1",
    lines: [
      [0, 0, { uuid: "pp-t-b-so-0-1-line-1" }],
      [0, 0, { uuid: "pp-t-b-so-0-1-line-2" }],
    ],
  });
});

const order = { pos_reference: "pp-t-b-so-0-1", state: "paid", amount_total: 34.61, lines: [1, 2] };

test.each([
  { name: "as it was sent", orders: [order], says: /^none$/ },
  { name: "done by a session that was closed meanwhile", orders: [{ ...order, state: "done" }], says: /^none$/ },
  { name: "there twice", orders: [order, order], says: /2 orders/ },
  { name: "lost", orders: [], says: /0 orders/ },
  { name: "a draft, which Odoo could not process", orders: [{ ...order, state: "draft" }], says: /is draft, not paid/ },
  { name: "without one of its lines", orders: [{ ...order, lines: [1] }], says: /does not have its 2 lines/ },
  { name: "a cent dearer", orders: [{ ...order, amount_total: 34.62 }], says: /has total 34\.62, not 34\.61/ },
])("an order that is $name is read as such", ({ orders, says }) => {
  expect(failureOf(() => checkOrders(odooThat(orders).step, [receipt(1)]))).toMatch(says);
});

test("amounts add up without the dust of binary fractions", () => {
  expect(sumUp([0.1, 0.2])).toBe(0.3);
  expect(sumUp([34.61, -30.09])).toBe(4.52);
});

test("times are written as Odoo does", () => {
  expect(odooTime(Date.UTC(2026, 10, 21, 9, 30))).toBe("2026-11-21 09:30:00");
});
