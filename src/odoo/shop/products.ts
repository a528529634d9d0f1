import { z } from "zod";

import type { ShopData } from "../../domain/load/plan.ts";
import type { Capabilities } from "../../domain/target/capabilities.ts";
import { idOf, manyToOne, type OdooSession, searchRead } from "../connection/session.ts";

/** ProductOptions limits the products of the shop. Stock is the free stock in units at `stockLocation` and below. */
export interface ProductOptions {
  readonly stockLocation: number;
  readonly minimumStock: number;
  readonly limit: number;
  readonly storable: Capabilities["storable"];
}

/** Search term for storable products, by variant of the server. */
const STORABLE: Readonly<Record<Capabilities["storable"], readonly unknown[]>> = {
  type: ["type", "=", "product"],
  mark: ["is_storable", "=", true],
};

const templateShape = z.object({
  id: z.number(),
  website_url: z.string(),
  product_variant_id: manyToOne,
  list_price: z.number(),
});
const stockShape = z.object({ product_id: manyToOne, quantity: z.number(), reserved_quantity: z.number() });

/**
 * readProducts lists the products that the shop sells from stock: published, storable, with a price, and with a single variant,
 * because the page of a product with several variants asks the shopper to choose one first.
 */
export async function readProducts(session: OdooSession, options: ProductOptions): Promise<ShopData["products"]> {
  const free = await readFreeStock(session, options.stockLocation);
  const domain = [
    STORABLE[options.storable],
    ["sale_ok", "=", true],
    ["is_published", "=", true],
    ["list_price", ">", 0],
    ["tracking", "=", "none"],
    ["attribute_line_ids", "=", false],
  ];
  const fields = ["website_url", "product_variant_id", "list_price"];
  const templates = await searchRead(session, { model: "product.template", domain, fields }, templateShape);
  return templates
    .flatMap(({ id, website_url, product_variant_id, list_price }) => {
      const variant = idOf(product_variant_id);
      if (variant === null || (free.get(variant) ?? 0) < options.minimumStock) return [];
      return [{ id: variant, templateId: id, path: website_url.split("#")[0] ?? website_url, price: list_price }];
    })
    .slice(0, options.limit);
}

/** readFreeStock returns the stock on hand less the reserved stock, in units by product, summed over all quants of a location. */
export async function readFreeStock(session: OdooSession, location: number): Promise<ReadonlyMap<number, number>> {
  const groups = await session.call(
    {
      model: "stock.quant",
      method: "read_group",
      args: [[["location_id", "child_of", location]], ["quantity:sum", "reserved_quantity:sum"], ["product_id"]],
    },
    z.array(stockShape),
  );
  return new Map(
    groups.flatMap(({ product_id, quantity, reserved_quantity }) => {
      const product = idOf(product_id);
      return product === null ? [] : [[product, quantity - reserved_quantity] as const];
    }),
  );
}
