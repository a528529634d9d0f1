import type { Capabilities } from "../../domain/capabilities.ts";
import { missingCapability } from "./missing-capability.ts";
import type { ServerFacts } from "./server-facts.ts";

/** pickPicking tells how a picked quantity is written: from Odoo 17 on the reserved quantity itself is marked as picked. */
export function pickPicking({ fields, server }: ServerFacts): Capabilities["picking"] {
  const line = fields.get("stock.move.line");
  if (line?.has("qty_done") === true) return "qty-done";
  if (line?.has("picked") === true) return "picked";
  throw missingCapability("picking", { module: "stock", lacks: "a picked quantity on stock.move.line", server });
}
