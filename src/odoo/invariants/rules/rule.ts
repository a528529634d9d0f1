import type { Invariant } from "../invariant.ts";
import type { ShopSchema } from "../schema/shop-schema.ts";

/** Rule is an invariant that has to be said in another way where Odoo keeps the same facts in other columns. */
export type Rule = (schema: ShopSchema) => Invariant;
