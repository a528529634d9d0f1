import type { ScenarioName } from "../../domain/load/plan.ts";

/** SCENARIO_MODULES are the modules that each scenario cannot do without, beside those that a capability names. */
export const SCENARIO_MODULES: readonly { readonly scenario: ScenarioName; readonly modules: readonly string[] }[] = [
  { scenario: "checkout", modules: ["website_sale", "website_sale_stock"] },
  { scenario: "stock-sync", modules: ["stock"] },
  { scenario: "order-import", modules: ["sale_management", "sale_stock"] },
  { scenario: "picking-wave", modules: ["stock_picking_batch"] },
  { scenario: "store-orders", modules: ["point_of_sale"] },
];
