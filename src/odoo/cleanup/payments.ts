import { z } from "zod";
import { manyToOne, searchRead } from "../search-read.ts";
import { type CleanupArea, type CleanupWork, startsWithStamp } from "./cleanup-area.ts";
import { removeRecords } from "./remove-records.ts";
import { type Trace, idsToUndo } from "./trace.ts";

const TRANSACTION = "payment.transaction";
const TOKEN = "payment.token";
const PAYMENT = "account.payment";
const ENTRY = "account.move";

/**
 * payments are the shoppers' transactions, payments, tokens and journal entries. They go before the orders: a scheduled job of Odoo
 * would confirm the order of a transaction that is paid and not processed yet. An entry that was posted stays in the books.
 */
export const payments: CleanupArea = {
  label: "payments",
  scenarios: ["checkout"],
  async scan(work) {
    const loose = await findLoosePayments(work);
    const ids = new Set(loose.map(({ id }) => id));
    return [...loose, ...(await findTransactions(work, ids)), ...(await findTokens(work)), ...(await findEntries(work))];
  },
  async clear(work, found) {
    for (const model of [PAYMENT, TRANSACTION, TOKEN, ENTRY]) await removeRecords(work, model, idsToUndo(found, model));
  },
};

/** From 18 on a payment has no entry in the books where its journal waits for the bank's statement; up to 17 each has one. */
async function findLoosePayments(work: CleanupWork): Promise<readonly Trace[]> {
  const domain = [
    ["partner_id.email", "=like", startsWithStamp(work)],
    ["move_id", "=", false],
  ];
  const shape = z.object({ id: z.number(), name: z.union([z.string(), z.literal(false)]) });
  const found = await searchRead(work.session, { model: PAYMENT, domain, fields: ["name"] }, shape);
  return found.map(({ id, name }) => ({ model: PAYMENT, id, name: name === false ? `payment ${id}` : name, irreversible: null }));
}

async function findTransactions(work: CleanupWork, loose: ReadonlySet<number>): Promise<readonly Trace[]> {
  const pattern = startsWithStamp(work);
  const domain = ["|", ["partner_name", "=like", pattern], ["partner_email", "=like", pattern]];
  const shape = z.object({ id: z.number(), reference: z.string(), payment_id: manyToOne });
  const found = await searchRead(work.session, { model: TRANSACTION, domain, fields: ["reference", "payment_id"] }, shape);
  return found.map(({ id, reference, payment_id }) => ({
    model: TRANSACTION,
    id,
    name: reference,
    irreversible: payment_id === false || loose.has(payment_id[0]) ? null : "payment posted",
  }));
}

async function findTokens(work: CleanupWork): Promise<readonly Trace[]> {
  const domain = [
    ["partner_id.email", "=like", startsWithStamp(work)],
    ["active", "in", [true, false]],
  ];
  const found = await searchRead(work.session, { model: TOKEN, domain, fields: ["id"] }, z.object({ id: z.number() }));
  return found.map(({ id }) => ({ model: TOKEN, id, name: `token ${id}`, irreversible: null }));
}

async function findEntries(work: CleanupWork): Promise<readonly Trace[]> {
  const domain = [["partner_id.email", "=like", startsWithStamp(work)]];
  const shape = z.object({ id: z.number(), name: z.union([z.string(), z.literal(false)]), posted_before: z.boolean() });
  const found = await searchRead(work.session, { model: ENTRY, domain, fields: ["name", "posted_before"] }, shape);
  return found.map(({ id, name, posted_before }) => ({
    model: ENTRY,
    id,
    name: name === false ? `entry ${id}` : name,
    irreversible: posted_before ? "posted" : null,
  }));
}
