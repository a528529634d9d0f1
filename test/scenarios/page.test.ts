import { expect, test } from "vitest";
import { findCsrfToken, findInput, pathOf, readPage, readRedirect } from "../../scenarios/lib/page.ts";
import { findOutcome } from "../../scenarios/lib/step-failure.ts";

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
