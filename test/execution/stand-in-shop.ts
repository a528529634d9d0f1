import { createServer } from "node:http";

import { z } from "zod";

import type { Target } from "../../src/domain/target/target.ts";
import { armEndpoint } from "../probe/arm-endpoint.ts";
import { listen } from "../probe/listen.ts";

/** StandInShop is a web server that answers as Odoo 14 does to what the harness asks before a run, for both arms. */
export interface StandInShop {
  readonly target: Target;
  /** What a search finds, by model; a test may change it between rounds. */
  readonly found: Map<string, readonly object[]>;
  /** Whether the marker is there. */
  marked: boolean;
  close(): Promise<void>;
}

const call = z.object({
  params: z.object({
    model: z.string().default(""),
    method: z.string().default(""),
    kwargs: z.object({ domain: z.array(z.unknown()).default([]) }).default({ domain: [] }),
  }),
});

/** startStandInShop starts one with one product, one customer and the modules of order import. */
export async function startStandInShop(): Promise<StandInShop> {
  const found = new Map<string, readonly object[]>([
    ["stock.warehouse", [{ name: "Main", lot_stock_id: [8, "Stock"], out_type_id: [2, "Delivery"] }]],
    ["stock.quant", [{ product_id: [1, "Desk"], quantity: 500, reserved_quantity: 0 }]],
    ["product.template", [{ id: 1, website_url: "/shop/desk-1", product_variant_id: [1, "Desk"], list_price: 10 }]],
    ["res.partner", [{ id: 5 }]],
    ["res.company", [{ country_id: [21, "Belgium"] }]],
    ["res.country", [{ id: 21 }]],
  ]);
  const installed = ["sale_management", "sale_stock"].map((name) => ({ name, state: "installed" }));
  const shop = { found, marked: true };
  const answer = (url: string, { params: { model, method, kwargs } }: z.infer<typeof call>): unknown => {
    if (url.endsWith("/authenticate")) return { uid: 2, user_companies: {} };
    if (url.endsWith("/version_info")) return { server_version: "14.0", server_version_info: [14, 0, 0, "final", 0, ""] };
    if (method === "fields_get") return model === "product.template" ? { type: { type: "selection" } } : {};
    if (model === "ir.config_parameter") return shop.marked ? "allowed" : false;
    // Modules are asked for by name, and for some that wait to be upgraded.
    if (model === "ir.module.module") return JSON.stringify(kwargs.domain).includes("to upgrade") ? [] : installed;
    return found.get(model) ?? [];
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      response.setHeader("set-cookie", "session_id=abc; Path=/");
      // No page is there: it is asked for routes only.
      if (request.method === "GET") {
        response.writeHead(404).end();
        return;
      }
      const result = answer(request.url ?? "", call.parse(JSON.parse(body)));
      response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
    });
  });
  const baseUrl = `http://127.0.0.1:${await listen(server)}`;
  const arm = (database: string) => armEndpoint({ baseUrl, database });
  const target = {
    name: "shop",
    arms: { baseline: arm("before"), candidate: arm("after") },
    redisUrl: null,
    traefikMetricsUrl: null,
  };
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return Object.assign(shop, { target, close });
}
