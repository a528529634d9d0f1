import { createServer } from "node:http";

import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

import { requireMarker, requireNoUpgrade } from "../../../src/odoo/checks/loadable.ts";
import { OdooFault } from "../../../src/odoo/connection/json-rpc.ts";
import { requireVersion } from "../../../src/odoo/connection/server.ts";
import { openOdooSession } from "../../../src/odoo/connection/session.ts";
import { listen } from "../../probe/listen.ts";

/** Answers as Odoo 14 gives them: errors inside a 200, no `result` for None. Keyed by the last part of the path. */
const answers = new Map<string, object | string>();
const cookies: string[] = [];

const server = createServer((request, response) => {
  cookies.push(request.headers.cookie ?? "");
  const answer = answers.get(request.url?.split("/").at(-1) ?? "");
  response.setHeader("set-cookie", ["frontend_lang=en_US; Path=/", "session_id=abc123; Path=/; HttpOnly"]);
  response.end(typeof answer === "string" ? answer : JSON.stringify({ jsonrpc: "2.0", id: 1, ...answer }));
});
let baseUrl = "";

beforeAll(async () => {
  baseUrl = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const account = () => ({ baseUrl, database: "shop", login: "admin", password: "admin" });
const fault = (name: string, message: string) => ({
  error: { code: 200, message: "Odoo Server Error", data: { name, message } },
});

async function session() {
  answers.set("authenticate", { result: { uid: 2, user_companies: {} } });
  return openOdooSession(account());
}

test("a session sends its cookie, and None is undefined", async () => {
  const odoo = await session();
  answers.set("action_assign", {});
  expect(odoo.uid).toBe(2);
  expect(await odoo.call({ model: "stock.picking", method: "action_assign", args: [[1]] }, z.undefined())).toBeUndefined();
  expect(cookies.at(-1)).toBe("session_id=abc123");
});

test.each([
  {
    name: "a wrong password",
    answer: fault("odoo.exceptions.AccessDenied", "Access denied"),
    want: /refuses login admin for database shop/,
  },
  { name: "a wrong password, answered without a user id", answer: { result: { uid: false } }, want: /refuses login admin/ },
  { name: "a second factor", answer: { result: { uid: null } }, want: /second factor/ },
  {
    name: "an unknown database",
    answer: fault("psycopg2.OperationalError", 'FATAL:  database "shop" does not exist\n'),
    want: /database "shop" does not exist$/,
  },
  { name: "a page of another server", answer: "<html>", want: /the answer is not from Odoo/ },
])("$name cannot be measured", async ({ answer, want }) => {
  answers.set("authenticate", answer);
  await expect(openOdooSession(account())).rejects.toMatchObject({
    code: "cannot-measure",
    message: expect.stringMatching(want),
    hint: expect.stringMatching(/\S/),
  });
});

test("a missing right becomes an error with a hint; every other fault of Odoo is unchanged", async () => {
  const odoo = await session();
  const call = { model: "ir.module.module", method: "search_read", args: [] };
  answers.set("search_read", fault("odoo.exceptions.AccessError", "You are not allowed to access 'Module'"));
  await expect(odoo.call(call, z.unknown())).rejects.toMatchObject({ code: "cannot-measure" });
  answers.set("search_read", fault("odoo.exceptions.UserError", "no"));
  await expect(odoo.call(call, z.unknown())).rejects.toBeInstanceOf(OdooFault);
});

test.each([{ value: false }, { value: "no" }, { value: "" }])("marker $value refuses the run", async ({ value }) => {
  const odoo = await session();
  answers.set("get_param", { result: value });
  await expect(requireMarker(odoo)).rejects.toMatchObject({ code: "usage" });
});

test("a user who may not read the marker is refused; another fault of Odoo is unchanged", async () => {
  const odoo = await session();
  answers.set("get_param", fault("odoo.exceptions.AccessError", "You are not allowed to access 'System Parameter'"));
  await expect(requireMarker(odoo)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/does not let admin read whether it allows load tests$/),
    hint: expect.stringMatching(/peakproof\.marker to allowed, and let admin read/),
  });
  answers.set("get_param", fault("odoo.exceptions.UserError", "no"));
  await expect(requireMarker(odoo)).rejects.toBeInstanceOf(OdooFault);
});

test("the marker allows the run", async () => {
  const odoo = await session();
  answers.set("get_param", { result: "allowed" });
  await expect(requireMarker(odoo)).resolves.toBeUndefined();
});

test("a pending upgrade is refused, and the message names the module", async () => {
  const odoo = await session();
  answers.set("search_read", { result: [{ name: "payment_test", state: "to install" }] });
  await expect(requireNoUpgrade(odoo)).rejects.toMatchObject({
    code: "cannot-measure",
    message: expect.stringMatching(/in the middle of an upgrade: payment_test \(to install\)$/),
  });
  answers.set("search_read", { result: [] });
  await expect(requireNoUpgrade(odoo)).resolves.toBeUndefined();
});

const versionAnswer = (version: string) => ({
  result: { server_version: version, server_version_info: [version.split(".")[0], 0] },
});

test.each(["14.0-20240101", "saas~17.4+e", "19.0"])("version %s is supported", async (version) => {
  answers.set("version_info", versionAnswer(version));
  await expect(requireVersion(baseUrl)).resolves.toMatchObject({ version });
});

test.each(["13.0", "20.0"])("version %s is refused, and the message names it", async (version) => {
  answers.set("version_info", versionAnswer(version));
  const refusal = { code: "cannot-measure", message: expect.stringContaining(version) };
  await expect(requireVersion(baseUrl)).rejects.toMatchObject(refusal);
});
