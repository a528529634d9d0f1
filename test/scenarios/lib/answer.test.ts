import { expect, test } from "vitest";

import {
  classifyAnswer,
  classifyRpc,
  findCsrfToken,
  findInput,
  findOutcome,
  pathOf,
  readPage,
  readRedirect,
} from "../../../scenarios/lib/answer.ts";

const page = { status: 200, location: "", body: '<html><meta name="generator" content="Odoo"/></html>' };

test.each([
  { name: "an ordinary page", answer: page, want: null },
  { name: "a redirect within the shop", answer: { ...page, status: 302, location: "/shop/cart" }, want: null },
  { name: "no answer", answer: { ...page, status: 0 }, want: "ingress" },
  { name: "Traefik without a server", answer: { ...page, status: 503, body: "no available server" }, want: "ingress" },
  { name: "Traefik with a dead server", answer: { ...page, status: 502, body: "Bad Gateway" }, want: "ingress" },
  { name: "another site's page", answer: { ...page, body: "\n<html><h1>It works!</h1></html>" }, want: "foreign" },
  { name: "Traefik without a route", answer: { ...page, status: 404, body: "404 page not found\n" }, want: "foreign" },
  { name: "an answer to a call", answer: { ...page, body: '{"jsonrpc": "2.0", "id": 1, "result": []}' }, want: null },
  { name: "an answer without a body", answer: { ...page, body: "" }, want: null },
  { name: "a time limit of Traefik", answer: { ...page, status: 504 }, want: "ingress" },
  {
    name: "an Odoo error page",
    answer: { ...page, status: 500, body: "<h1>500: Internal Server Error</h1>" },
    want: "application",
  },
  { name: "a page that is gone", answer: { ...page, status: 404 }, want: "application" },
  {
    name: "a CSRF token that is refused",
    answer: { ...page, status: 400, body: "<p>Session expired (invalid CSRF token)</p>" },
    want: "session",
  },
  { name: "another bad request", answer: { ...page, status: 400, body: "<p>Bad Request</p>" }, want: "application" },
  { name: "a way to the login page", answer: { ...page, status: 303, location: "/web/login?redirect=%2Fmy" }, want: "session" },
  { name: "a way to a page that only sounds like it", answer: { ...page, status: 302, location: "/web/loginless" }, want: null },
  {
    name: "a database conflict on a page",
    answer: { ...page, status: 500, body: "could not serialize access due to concurrent update" },
    want: "conflict",
  },
])("$name is $want", ({ answer, want }) => {
  expect(classifyAnswer(answer)?.outcome ?? null).toBe(want);
});

const rpcError = (name: string, message: string, code = 200) => ({
  jsonrpc: "2.0",
  id: 1,
  error: { code, message: "Odoo Server Error", data: { name, message } },
});

test.each([
  { name: "a result", message: { jsonrpc: "2.0", id: 1, result: [7] }, want: null },
  { name: "a method that returns nothing", message: { jsonrpc: "2.0", id: 1 }, want: null },
  {
    name: "a user error",
    message: rpcError("odoo.exceptions.UserError", "Nothing to check the availability for."),
    want: "application",
  },
  {
    name: "an expired session",
    message: { jsonrpc: "2.0", id: 1, error: { code: 100, message: "Odoo Session Expired", data: {} } },
    want: "session",
  },
  {
    name: "a serialization failure",
    message: rpcError("psycopg2.errors.SerializationFailure", "could not serialize access"),
    want: "conflict",
  },
  { name: "a row lock", message: rpcError("psycopg2.errors.LockNotAvailable", "could not obtain lock on row"), want: "conflict" },
  { name: "a deadlock", message: rpcError("psycopg2.errors.DeadlockDetected", "deadlock detected"), want: "conflict" },
  {
    name: "a changed cart",
    message: rpcError("odoo.exceptions.ValidationError", "The cart has been updated. Please refresh the page."),
    want: "conflict",
  },
  { name: "an exhausted pool", message: rpcError("psycopg2.pool.PoolError", "The Connection Pool Is Full"), want: "application" },
  {
    name: "an outdated count",
    message: { jsonrpc: "2.0", id: 1, result: { res_model: "stock.inventory.conflict" } },
    want: "conflict",
  },
  { name: "an error without details", message: { error: {} }, want: "application" },
  { name: "something else than JSON-RPC", message: "<html>", want: "application" },
])("in a JSON-RPC body, $name is $want", ({ message, want }) => {
  expect(classifyRpc(message)?.outcome ?? null).toBe(want);
});

test("the text of a failure names the error and stays short", () => {
  const failure = classifyRpc(rpcError("odoo.exceptions.UserError", `<b>Not\n\nenough</b> ${"x".repeat(999)}`));
  expect(failure?.text).toMatch(/^odoo\.exceptions\.UserError: Not enough x+$/);
  expect(failure?.text.length).toBeLessThan(260);
});

const token = `${"0123456789abcdef".repeat(2)}01234567o1826798904`;

function outcomeOf(action: () => unknown): string {
  try {
    action();
    return "ok";
  } catch (error) {
    return findOutcome(error);
  }
}

test("the CSRF token comes from the script at the head of the page", () => {
  expect(findCsrfToken(`var odoo = { csrf_token: "${token}", debug: "" };`)).toBe(token);
  expect(outcomeOf(() => findCsrfToken("<html></html>"))).toBe("application");
});

test("an input is found by its name, wherever its value stands", () => {
  const html = '<input type="hidden" name="other" value="1"/><input value="42" type="hidden" name="partner_id"/>';
  expect(findInput(html, "partner_id")).toBe("42");
  expect(outcomeOf(() => findInput(html, "partner"))).toBe("application");
});

test("a page must have status 200 and hold what it is for", () => {
  expect(outcomeOf(() => readPage({ status: 200, location: "", body: "street" }, /street/))).toBe("ok");
  expect(outcomeOf(() => readPage({ status: 200, location: "", body: "city" }, /street/))).toBe("application");
  expect(outcomeOf(() => readPage({ status: 302, location: "/shop", body: "street" }, /street/))).toBe("application");
});

test("a redirect must lead where the flow goes on; a form that is shown again is a failure", () => {
  expect(outcomeOf(() => readRedirect({ status: 302, location: "/shop/cart?x=1", body: "" }, "/shop/cart"))).toBe("ok");
  expect(outcomeOf(() => readRedirect({ status: 302, location: "/shop", body: "" }, "/shop/cart"))).toBe("application");
  expect(outcomeOf(() => readRedirect({ status: 200, location: "", body: "is-invalid" }, "/shop/cart"))).toBe("application");
});

test("an address is reduced to path and query", () => {
  expect(pathOf("http://127.0.0.1:8069/shop/cart?a=1")).toBe("/shop/cart?a=1");
  expect(pathOf("/shop/cart")).toBe("/shop/cart");
});

test("what is no step failure is a fault of the script", () => {
  expect(findOutcome(new TypeError("x is not a function"))).toBe("script");
});
