import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { readConfig } from "../../src/cli/config/read-config.ts";
import { temporaryFolder } from "../evidence/recorded-bundle.ts";
import { listen } from "../probe/listen.ts";
import { callMain } from "./call-main.ts";

const folder = temporaryFolder();
const out = join(folder, "peakproof.yaml");

/** Answers as Odoo gives them (web/controllers of 14 and 17), by path: a page as text, anything else inside JSON-RPC. */
const answers = new Map<string, object | string>();
const server = createServer((request, response) => {
  const answer = answers.get(request.url ?? "") ?? "<h1>404 Not Found</h1>";
  response.setHeader("set-cookie", "session_id=abc123; Path=/; HttpOnly");
  response.end(typeof answer === "string" ? answer : JSON.stringify({ jsonrpc: "2.0", id: 1, ...answer }));
});
let url = "";

beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const version = (...info: readonly [number, number]) => ({
  result: { server_version: info.join("."), server_version_info: [...info, 0, "final", 0, ""], protocol_version: 1 },
});
const fault = (name: string, message: string) => ({
  error: { code: 200, message: "Odoo Server Error", data: { name, message, arguments: [message], debug: "", context: {} } },
});
const [VERSION, LIST, LOGIN] = ["/web/webclient/version_info", "/web/database/list", "/web/session/authenticate"];

beforeEach(() => {
  rmSync(out, { force: true });
  answers.clear();
  answers.set(VERSION, version(14, 0));
  answers.set(LIST, { result: ["shop"] });
});

const user = ["--login-env", "SHOP_LOGIN", "--password-env", "SHOP_PASSWORD"];
const init = (...args: readonly string[]) =>
  callMain(["init", "--url", url, ...args], folder, { SHOP_LOGIN: "api", SHOP_PASSWORD: "secret" });

test("without a login the version is known, and the config that is written can be read", async () => {
  const { code, out: said } = await init();
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining("Odoo 14.0, database shop") });
  const { target } = readConfig(out);
  expect(target).toMatchObject({ allowed: [new URL(url).host], arms: { baseline: { url, database: "shop" } } });
});

test("a file that is there stays as it is, unless it is forced away", async () => {
  writeFileSync(out, "mine");
  const { code, err } = await init();
  expect({ code, err, text: readFileSync(out, "utf8") }).toEqual({
    code: 2,
    err: expect.stringContaining("--force"),
    text: "mine",
  });
  expect((await init("--force")).code).toBe(0);
  expect(readConfig(out).target).toMatchObject({ arms: { baseline: { database: "shop" } } });
});

describe("a server that cannot be used ends with 4 and one clear message, and nothing is written", () => {
  test.each<{
    name: string;
    set: readonly (readonly [string, object | string])[];
    args?: readonly string[];
    says: RegExp;
    hint: RegExp;
  }>([
    {
      name: "a page that is no Odoo",
      set: [[VERSION, "<html>Welcome to nginx!</html>"]],
      says: /answered 200, but the answer is not from Odoo/,
      hint: /URL leads to Odoo/,
    },
    {
      name: "a JSON-RPC server that is no Odoo",
      set: [[VERSION, { result: { jsonrpc: "pong" } }]],
      says: /does not report a version as Odoo does/,
      hint: /URL leads to Odoo/,
    },
    {
      name: "Odoo 13",
      set: [[VERSION, version(13, 0)]],
      says: /runs Odoo 13\.0; supported: /,
      hint: /supported version/,
    },
    {
      name: "a database list that is closed",
      set: [[LIST, fault("odoo.exceptions.AccessDenied", "Access Denied")]],
      says: /does not list its databases/,
      hint: /--database NAME/,
    },
    {
      name: "a database list that the ingress keeps to itself",
      set: [[LIST, "<h1>403 Forbidden</h1>"]],
      says: /does not list its databases/,
      hint: /--database NAME/,
    },
    {
      name: "several databases",
      set: [[LIST, { result: ["shop_a", "shop_b"] }]],
      says: /has several databases: shop_a, shop_b/,
      hint: /--database NAME/,
    },
    {
      name: "a second factor",
      set: [[LOGIN, { result: { uid: null } }]],
      args: user,
      says: /User api of shop .* logs in with a second factor/,
      hint: /without two-factor authentication/,
    },
    {
      name: "a portal user",
      set: [[LOGIN, { result: { uid: 7, is_system: false, is_admin: false, db: "shop", username: "api" } }]],
      args: user,
      says: /User api of shop .* is a portal user/,
      hint: /Name an internal user/,
    },
    {
      name: "a login that is refused for a while",
      set: [[LOGIN, fault("odoo.exceptions.AccessDenied", "Too many login failures, please wait a bit before trying again.")]],
      args: user,
      says: /blocks logins from this address for now/,
      hint: /Wait a minute/,
    },
    {
      name: "a login that is wrong",
      set: [[LOGIN, fault("odoo.exceptions.AccessDenied", "Access Denied")]],
      args: user,
      says: /refuses login api for database shop/,
      hint: /Check the login and the password/,
    },
  ])("$name", async ({ set, args = [], says, hint }) => {
    for (const [path, answer] of set) answers.set(path, answer);
    const { code, out: said, err } = await init(...args);
    expect({ code, said }).toEqual({ code: 4, said: "" });
    const [first = "", ...rest] = err.trimEnd().split("\n");
    expect(first).toMatch(says);
    expect(rest.join("\n")).toMatch(hint);
    expect(() => readFileSync(out)).toThrow(/ENOENT/);
  });
});

test.each([
  { name: "no URL", argv: ["init"], says: "init needs --url" },
  {
    name: "a URL of another kind",
    argv: ["init", "--url", "ftp://shop.test"],
    says: "ftp://shop.test is not an http or https URL",
  },
  {
    name: "a login without a password",
    argv: ["init", "--url", "http://127.0.0.1:9", "--login-env", "SHOP_LOGIN"],
    says: "--password-env",
  },
  {
    name: "a variable that is not set",
    argv: ["init", "--url", "http://127.0.0.1:9", "--login-env", "SHOP_LOGIN", "--password-env", "UNSET"],
    says: "both variables must be set",
  },
])("$name is a mistake in the call: exit 2", async ({ argv, says }) => {
  const { code, err } = await callMain(argv, folder, { SHOP_LOGIN: "api" });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(says) });
});
