import { expect, test } from "vitest";

import { classifyAnswer } from "../../../scenarios/lib/answer.ts";
import { json2 } from "../../../scenarios/lib/api.ts";

const api = json2({ key: "k", database: "shop" });
const answer = (value: unknown, status = 200) => ({ status, location: "", body: JSON.stringify(value) });

test("arguments are sent by their names, with the key and the database beside them", () => {
  const domain = [["client_order_ref", "=", "pp-1"]];
  expect(api.write({ model: "sale.order", method: "search", args: [domain] })).toEqual({
    path: "/json/2/sale.order/search",
    json: { domain },
    headers: { Authorization: "bearer k", "X-Odoo-Database": "shop" },
  });
});

test.each([
  { method: "search_read", args: [[], ["name"]], json: { domain: [], fields: ["name"] } },
  { method: "read", args: [[3], ["state"]], json: { ids: [3], fields: ["state"] } },
  { method: "write", args: [[3], { name: "x" }], json: { ids: [3], vals: { name: "x" } } },
  { method: "create", args: [{ name: "x" }], json: { vals_list: { name: "x" } } },
  { method: "action_confirm", args: [[3]], json: { ids: [3] } },
])("$method", ({ method, args, json }) => {
  expect(api.write({ model: "sale.order", method, args })).toMatchObject({ json });
});

test.each([
  { method: "create", body: [17], want: 17 },
  { method: "search", body: [17], want: [17] },
  { method: "action_confirm", body: true, want: true },
  { method: "action_apply", body: null, want: null },
])("what $method gives back is the body", ({ method, body, want }) => {
  expect(api.read(answer(body), { model: "sale.order", method, args: [] })).toEqual(want);
});

test("a window that says the stock changed is a conflict", () => {
  const call = { model: "stock.inventory.adjustment.name", method: "action_apply", args: [[1]] };
  expect(() => api.read(answer({ res_model: "stock.inventory.conflict" }), call)).toThrow("changed since it was counted");
});

const fault = (name: string) => ({ name, message: "no", arguments: ["no"], context: {}, debug: "Traceback" });

test.each([
  { status: 401, name: "werkzeug.exceptions.Unauthorized", outcome: "session" },
  { status: 403, name: "odoo.exceptions.AccessError", outcome: "application" },
  { status: 409, name: "odoo.exceptions.LockError", outcome: "conflict" },
  { status: 422, name: "odoo.exceptions.UserError", outcome: "application" },
  { status: 500, name: "psycopg2.errors.SerializationFailure", outcome: "conflict" },
])("$name with status $status is $outcome", ({ status, name, outcome }) => {
  expect(classifyAnswer(answer(fault(name), status))).toMatchObject({ outcome });
});
