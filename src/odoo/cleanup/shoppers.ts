import { z } from "zod";

import { idOf, manyToOne, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, idsKept, idsToUndo, startsWithStamp, type Trace } from "./cleanup-area.ts";
import { removeRecords } from "./undo.ts";

const MODEL = "mail.mail";

/** States of a mail that has left. */
const SENT: ReadonlySet<string> = new Set(["sent", "received"]);

const shape = z.object({ id: z.number(), subject: z.union([z.string(), z.literal(false)]), state: z.string() });

/** mails are those to shoppers that wait, failed or were sent. They go first: what waits must not leave meanwhile. */
export const mails: CleanupArea = {
  label: "mails",
  scenarios: ["checkout"],
  async scan(work) {
    const domain = ["|", ["recipient_ids.email", "=like", startsWithStamp(work)], ["email_to", "like", work.stamp]];
    const found = await searchRead(work.session, { model: MODEL, domain, fields: ["subject", "state"] }, shape);
    return found.map(({ id, subject, state }) => ({
      model: MODEL,
      id,
      name: subject === false ? `mail ${id}` : subject,
      irreversible: SENT.has(state) ? "sent" : null,
    }));
  },
  clear: (work, found) => removeRecords(work, MODEL, idsToUndo(found, MODEL)),
};

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

const PARTNER = "res.partner";
const CAMPAIGN = "utm.campaign";
const ORDER = "sale.order";

const named = z.object({ id: z.number(), name: z.string() });

/**
 * shoppers are the contacts that checkouts made, and the campaign that their carts belong to. They go when nothing names them.
 */
export const shoppers: CleanupArea = {
  label: "shoppers",
  scenarios: ["checkout"],
  scan: async (work, found) => [...(await findPartners(work, found)), ...(await findCampaigns(work))],
  async clear(work, found) {
    for (const model of [PARTNER, CAMPAIGN]) await removeRecords(work, model, idsToUndo(found, model));
  },
};

async function findPartners(work: CleanupWork, found: readonly Trace[]): Promise<readonly Trace[]> {
  const pattern = startsWithStamp(work);
  const domain = ["|", ["email", "=like", pattern], ["name", "=like", pattern], ["active", "in", [true, false]]];
  const partners = await searchRead(work.session, { model: PARTNER, domain, fields: ["name"] }, named);
  const ids = partners.map(({ id }) => id);
  const posted = await partnersOf(work, "account.move", [
    ["partner_id", "in", ids],
    ["posted_before", "=", true],
  ]);
  const ordered = await partnersOf(work, ORDER, [["id", "in", [...idsKept(found, ORDER)]]]);
  return partners.map(({ id, name }) => {
    const why = posted.has(id) ? "named by a posted entry" : ordered.has(id) ? "named by an order that stays" : null;
    return { model: PARTNER, id, name, irreversible: why };
  });
}

async function partnersOf({ session }: CleanupWork, model: string, domain: readonly unknown[]): Promise<ReadonlySet<number>> {
  const shape = z.object({ partner_id: manyToOne });
  const found = await searchRead(session, { model, domain, fields: ["partner_id"] }, shape);
  return new Set(found.flatMap(({ partner_id }) => idOf(partner_id) ?? []));
}

async function findCampaigns(work: CleanupWork): Promise<readonly Trace[]> {
  const search = { model: CAMPAIGN, domain: [["name", "=like", startsWithStamp(work)]], fields: ["name"] };
  const found = await searchRead(work.session, search, named);
  return found.map(({ id, name }) => ({ model: CAMPAIGN, id, name, irreversible: null }));
}
