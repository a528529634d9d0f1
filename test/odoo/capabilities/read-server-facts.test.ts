import { createServer } from "node:http";

import { afterAll, beforeAll, expect, test } from "vitest";

import { readServerFacts } from "../../../src/odoo/capabilities/read-server-facts.ts";
import { readCapabilities } from "../../../src/odoo/capabilities/variants.ts";
import { type OdooSession, openOdooSession } from "../../../src/odoo/connection/session.ts";
import { listen } from "../../probe/listen.ts";

/** A server that has some models, modules and routes, and answers for the rest as Odoo does. */
const FIELDS: Readonly<Record<string, readonly string[]>> = { "stock.move.line": ["qty_done", "product_uom_qty"] };
const STATUS: Readonly<Record<string, number>> = { "/shop/cart/update": 405, "/shop/payment": 303, "/payment/status/poll": 415 };
let modules: readonly object[] = [];
const seen: string[] = [];

const server = createServer((request, response) => {
  const path = request.url ?? "";
  const [, model = "", method] = /call_kw\/([^/]+)\/(\w+)/.exec(path) ?? [];
  seen.push(`${request.method ?? ""} ${path}`);
  response.setHeader("set-cookie", "session_id=abc; Path=/");
  if (request.method === "GET") {
    response.statusCode = STATUS[path] ?? 404;
    response.end("<html></html>");
    return;
  }
  let text = "";
  request.on("data", (part) => (text += String(part)));
  request.on("end", () => {
    const { params } = JSON.parse(text);
    const own = FIELDS[model];
    const fields = () =>
      Object.fromEntries(
        params.args[0].filter((name: string) => own?.includes(name)).map((name: string) => [name, { type: "float" }]),
      );
    const missing = { error: { message: "Odoo Server Error", data: { name: "builtins.KeyError", message: model } } };
    const results: Readonly<Record<string, unknown>> = {
      "/web/session/authenticate": { uid: 2, user_companies: {} },
      "/web/webclient/version_info": { server_version: "17.0", server_version_info: [17, 0, 0, "final", 0, ""] },
    };
    const answer =
      method === "fields_get" ? (own === undefined ? missing : { result: fields() }) : { result: results[path] ?? modules };
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...answer }));
  });
});
let session: OdooSession;

beforeAll(async () => {
  const baseUrl = `http://127.0.0.1:${await listen(server)}`;
  session = await openOdooSession({ baseUrl, database: "shop", login: "api", password: "api" });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("facts are what is installed, what models have, and what does not answer that it is not there", async () => {
  modules = [{ name: "stock" }];
  const facts = await readServerFacts(session, {
    modules: ["stock", "sale_stock"],
    fields: { "stock.move.line": ["qty_done", "picked"], "stock.inventory": ["line_ids"] },
    routes: ["/shop/cart/update", "/shop/cart/add", "/shop/payment", "/payment/status/poll"],
  });
  expect(facts.server.version).toBe("17.0");
  expect([...facts.modules]).toEqual(["stock"]);
  expect([...facts.fields]).toEqual([["stock.move.line", new Set(["qty_done"])]]);
  expect([...facts.routes]).toEqual(["/shop/cart/update", "/shop/payment", "/payment/status/poll"]);
});

test("a module that is gone ends it before anything is picked, and names capability and module", async () => {
  modules = [];
  await expect(readCapabilities(session, ["picking-wave"])).rejects.toMatchObject({
    code: "cannot-measure",
    message: "Odoo 17.0 lacks the capability picking-wave: the module stock_picking_batch is not installed",
  });
});

test("only what the scenarios need is asked for", async () => {
  modules = [{ name: "stock_picking_batch", state: "to upgrade" }];
  seen.length = 0;
  await expect(readCapabilities(session, ["picking-wave"])).rejects.toMatchObject({
    message: expect.stringMatching(/in the middle of an upgrade: stock_picking_batch \(to upgrade\)$/),
  });
  expect(seen.filter((request) => request.startsWith("GET"))).toEqual([]);
});
