import { z } from "zod";

import type { ShopData } from "../../domain/load/plan.ts";
import type { Capabilities } from "../../domain/target/capabilities.ts";
import { idOf, manyToOne, type OdooSession, searchRead } from "../connection/session.ts";

export interface ProductChoice {
  readonly stockLocation: number;
  readonly minimumStock: number;
  readonly limit: number;
  readonly storable: Capabilities["storable"];
}

/** How goods are known that are kept in stock. */
const STORABLE: Readonly<Record<Capabilities["storable"], readonly unknown[]>> = {
  type: ["type", "=", "product"],
  mark: ["is_storable", "=", true],
};

const template = z.object({ id: z.number(), website_url: z.string(), product_variant_id: manyToOne, list_price: z.number() });

/**
 * readProducts lists what the shop sells from stock: published, storable, priced, and of one variant only, because the page of a
 * product with variants lets the shopper choose one first.
 */
export async function readProducts(session: OdooSession, choice: ProductChoice): Promise<ShopData["products"]> {
  const free = await readFreeStock(session, choice.stockLocation);
  const domain = [
    STORABLE[choice.storable],
    ["sale_ok", "=", true],
    ["is_published", "=", true],
    ["list_price", ">", 0],
    ["tracking", "=", "none"],
    ["attribute_line_ids", "=", false],
  ];
  const fields = ["website_url", "product_variant_id", "list_price"];
  const templates = await searchRead(session, { model: "product.template", domain, fields }, template);
  return templates
    .flatMap(({ id, website_url, product_variant_id, list_price }) => {
      const variant = idOf(product_variant_id);
      if (variant === null || (free.get(variant) ?? 0) < choice.minimumStock) return [];
      return [{ id: variant, templateId: id, path: website_url.split("#")[0] ?? website_url, price: list_price }];
    })
    .slice(0, choice.limit);
}

const group = z.object({ product_id: manyToOne, quantity: z.number(), reserved_quantity: z.number() });

/** readFreeStock sums what is on hand and not reserved, since one product may lie in several quants. */
export async function readFreeStock(session: OdooSession, location: number): Promise<ReadonlyMap<number, number>> {
  const groups = await session.call(
    {
      model: "stock.quant",
      method: "read_group",
      args: [[["location_id", "child_of", location]], ["quantity:sum", "reserved_quantity:sum"], ["product_id"]],
    },
    z.array(group),
  );
  return new Map(
    groups.flatMap(({ product_id, quantity, reserved_quantity }) => {
      const product = idOf(product_id);
      return product === null ? [] : [[product, quantity - reserved_quantity] as const];
    }),
  );
}
