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

/** invariantsFor gives the rules of a database as its own tables need them, if it is one of a supported version of Odoo. */
export async function invariantsFor(client: Client): Promise<readonly Invariant[]> {
  const version = await readVersion(client);
  if (isSupported(version)) return shopRules(shopSchema(await readColumns(client)));
  throw new HarnessError(
    "cannot-measure",
    `There are no business rules for Odoo ${version}; there are for ${SUPPORTED_VERSIONS}`,
    {
      hint: `Leave out the invariants connection of this target, or use a database of ${SUPPORTED_VERSIONS}.`,
    },
  );
}

/** The version of the base module begins with Odoo's own: `14.0.1.3`. */
async function readVersion(client: Client): Promise<string> {
  const sql = "select latest_version as version from ir_module_module where name = 'base'";
  try {
    return (await client.query<{ version: string | null }>(sql)).rows[0]?.version ?? "unknown";
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new HarnessError("cannot-measure", `The invariants role cannot read Odoo's tables: ${error.message}`, {
      hint: "Name a database of Odoo, and run in it: GRANT SELECT ON ALL TABLES IN SCHEMA public TO the role.",
      cause: error,
    });
  }
}

/** shopRules are the rules for one database, in the order in which they are told. */
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
