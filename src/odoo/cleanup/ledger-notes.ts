import { z } from "zod";

import type { Arm } from "../../domain/arm.ts";
import type { LedgerRecord } from "../../domain/load/ledger.ts";
import { ledgerEntries, type LedgerEntry } from "../invariants/ledger-entries.ts";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";

/** REFERENCE_OF is the field of each model in which the scenarios write their reference. */
const REFERENCE_OF: Readonly<Record<string, string>> = {
  "sale.order": "client_order_ref",
  "stock.picking.batch": "name",
  "stock.inventory": "name",
  "pos.order": "pos_reference",
};

/**
 * ledgerNotes holds the ledger against the database after a cleanup: a record of the ledger that is there and bears another
 * reference was changed by somebody, or belongs to a database that was restored meanwhile. It is named and left alone.
 */
export async function ledgerNotes(
  session: OdooSession,
  { ledger, arm }: { readonly ledger: readonly LedgerRecord[]; readonly arm: Arm },
): Promise<readonly string[]> {
  const entries = ledgerEntries(ledger, arm);
  const notes: string[] = [];
  for (const [model, field] of Object.entries(REFERENCE_OF)) {
    const own = entries.filter((entry) => entry.model === model && entry.id !== null);
    if (own.length > 0) notes.push(...(await strangers(session, { model, field, entries: own })));
  }
  return notes;
}

async function strangers(
  session: OdooSession,
  { model, field, entries }: { readonly model: string; readonly field: string; readonly entries: readonly LedgerEntry[] },
): Promise<readonly string[]> {
  const refs = new Map(entries.map(({ id, ref }) => [id, ref]));
  const domain = [["id", "in", entries.map(({ id }) => id)]];
  const records = await searchRead(session, { model, domain, fields: [field] }, z.looseObject({ id: z.number() }));
  return records
    .filter((record) => record[field] !== refs.get(record.id))
    .map(({ id }) => `${model} ${id} of the ledger no longer bears ${refs.get(id) ?? "its reference"}: it was left alone`);
}
