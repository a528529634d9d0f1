import { type Client, DatabaseError } from "pg";

import { HarnessError } from "../../domain/error.ts";
import { isSupported, SUPPORTED_VERSIONS } from "../connection/server.ts";
import { accountingBalanced, namesUnique, paidOnce } from "./accounting-rules.ts";
import { importAsSent, importExactlyOnce } from "./import-rules.ts";
import type { Invariant } from "./invariant.ts";
import { checkoutConfirmed, deliveredEqualsMoves, ordersHaveMoves } from "./order-rules.ts";
import { readColumns, type ShopSchema, shopSchema } from "./shop-schema.ts";
import {
  batchesDone,
  noNegativeStock,
  noOrphanMoves,
  pickingsWhole,
  reservedEqualsLines,
  stockDoubleEntry,
  stockEqualsMoves,
} from "./stock-rules.ts";
import { posOnce, storeOrdersAsSent, storeOrdersOnce, storeSessionsBalanced, storeStockMoved } from "./store-rules.ts";

/** invariantsFor returns the rules for the columns of a database. It refuses an unsupported version of Odoo. */
export async function invariantsFor(client: Client): Promise<readonly Invariant[]> {
  const version = await readVersion(client);
  if (isSupported(version)) return shopRules(shopSchema(await readColumns(client)));
  throw new HarnessError("cannot-measure", `Business rules do not support Odoo ${version}; supported: ${SUPPORTED_VERSIONS}`, {
    hint: `Remove the invariants connection of this target, or use a database of ${SUPPORTED_VERSIONS}.`,
  });
}

/** readVersion returns the version of the base module, which starts with the version of Odoo, such as `14.0.1.3`. */
async function readVersion(client: Client): Promise<string> {
  const sql = "select latest_version as version from ir_module_module where name = 'base'";
  try {
    return (await client.query<{ version: string | null }>(sql)).rows[0]?.version ?? "unknown";
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new HarnessError("cannot-measure", `The invariants role cannot read the tables of Odoo: ${error.message}`, {
      hint: "Name a database of Odoo, and run there: GRANT SELECT ON ALL TABLES IN SCHEMA public TO the role.",
      cause: error,
    });
  }
}

/** shopRules returns the rules for one database, in the order of the report. */
export function shopRules(schema: ShopSchema): readonly Invariant[] {
  return [
    importExactlyOnce,
    importAsSent,
    checkoutConfirmed,
    batchesDone,
    storeOrdersOnce,
    storeOrdersAsSent,
    storeStockMoved(schema),
    storeSessionsBalanced,
    ordersHaveMoves,
    paidOnce(schema),
    posOnce(schema),
    pickingsWhole,
    noOrphanMoves,
    stockDoubleEntry,
    stockEqualsMoves(schema),
    reservedEqualsLines(schema),
    noNegativeStock,
    deliveredEqualsMoves(schema),
    accountingBalanced,
    namesUnique,
  ];
}
