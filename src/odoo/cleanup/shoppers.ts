import { z } from "zod";

import { idOf, manyToOne, searchIds, searchRead, textOrFalse } from "../connection/session.ts";
import {
  type CleanupArea,
  type CleanupWork,
  findTraces,
  idsKept,
  idsToUndo,
  startsWithStamp,
  type Trace,
} from "./cleanup-area.ts";
import { removeRecords } from "./undo.ts";

const MAIL = "mail.mail";
const TRANSACTION = "payment.transaction";
const TOKEN = "payment.token";
const PAYMENT = "account.payment";
const ENTRY = "account.move";
const PARTNER = "res.partner";
const CAMPAIGN = "utm.campaign";
const ORDER = "sale.order";

/** States of a mail that was sent. */
const SENT: ReadonlySet<string> = new Set(["sent", "received"]);

const mailShape = z.object({ id: z.number(), subject: textOrFalse, state: z.string() });
const transactionShape = z.object({ id: z.number(), reference: z.string(), payment_id: manyToOne });
const entryShape = z.object({ id: z.number(), name: textOrFalse, posted_before: z.boolean() });
const partnerShape = z.object({ id: z.number(), name: z.string() });
const ownerShape = z.object({ partner_id: manyToOne });

/** mails is the area of the mails to shoppers in any state. It is the first area, so that no waiting mail is sent meanwhile. */
export const mails: CleanupArea = {
  label: "mails",
  scenarios: ["checkout"],
  async scan(work) {
    const domain = ["|", ["recipient_ids.email", "=like", startsWithStamp(work)], ["email_to", "like", work.stamp]];
    const found = await searchRead(work.session, { model: MAIL, domain, fields: ["subject", "state"] }, mailShape);
    return found.map(({ id, subject, state }) => ({
      model: MAIL,
      id,
      name: subject === false ? `mail ${id}` : subject,
      irreversible: SENT.has(state) ? "sent" : null,
    }));
  },
  clear: (work, found) => removeRecords(work, MAIL, idsToUndo(found, MAIL)),
};

/**
 * payments is the area of the shoppers' transactions, payments, tokens and journal entries. It precedes the orders: a scheduled
 * job of Odoo would otherwise confirm the order of a transaction that is paid and not processed yet. A posted entry stays in the
 * books.
 */
export const payments: CleanupArea = {
  label: "payments",
  scenarios: ["checkout"],
  async scan(work) {
    const unposted = await findUnpostedPayments(work);
    const ids = new Set(unposted.map(({ id }) => id));
    return [...unposted, ...(await findTransactions(work, ids)), ...(await findTokens(work)), ...(await findEntries(work))];
  },
  async clear(work, found) {
    for (const model of [PAYMENT, TRANSACTION, TOKEN, ENTRY]) await removeRecords(work, model, idsToUndo(found, model));
  },
};

/**
 * findUnpostedPayments finds payments without a journal entry. From 18 on, a payment has no entry if its journal waits for the
 * bank statement. Up to 17, every payment has an entry.
 */
function findUnpostedPayments(work: CleanupWork): Promise<readonly Trace[]> {
  const domain = [
    ["partner_id.email", "=like", startsWithStamp(work)],
    ["move_id", "=", false],
  ];
  return findTraces(work, { model: PAYMENT, domain }, { word: "payment", irreversible: null });
}

async function findTransactions(work: CleanupWork, unposted: ReadonlySet<number>): Promise<readonly Trace[]> {
  const pattern = startsWithStamp(work);
  const domain = ["|", ["partner_name", "=like", pattern], ["partner_email", "=like", pattern]];
  const search = { model: TRANSACTION, domain, fields: ["reference", "payment_id"] };
  const found = await searchRead(work.session, search, transactionShape);
  return found.map(({ id, reference, payment_id }) => ({
    model: TRANSACTION,
    id,
    name: reference,
    irreversible: payment_id === false || unposted.has(payment_id[0]) ? null : "payment posted",
  }));
}

async function findTokens(work: CleanupWork): Promise<readonly Trace[]> {
  const domain = [
    ["partner_id.email", "=like", startsWithStamp(work)],
    ["active", "in", [true, false]],
  ];
  const ids = await searchIds(work.session, { model: TOKEN, domain });
  return ids.map((id) => ({ model: TOKEN, id, name: `token ${id}`, irreversible: null }));
}

async function findEntries(work: CleanupWork): Promise<readonly Trace[]> {
  const domain = [["partner_id.email", "=like", startsWithStamp(work)]];
  const found = await searchRead(work.session, { model: ENTRY, domain, fields: ["name", "posted_before"] }, entryShape);
  return found.map(({ id, name, posted_before }) => ({
    model: ENTRY,
    id,
    name: name === false ? `entry ${id}` : name,
    irreversible: posted_before ? "posted" : null,
  }));
}

/** shoppers is the area of the contacts that checkouts created, and of the campaign of their carts. */
export const shoppers: CleanupArea = {
  label: "shoppers",
  scenarios: ["checkout"],
  scan: async (work, found) => [...(await findPartners(work, found)), ...(await findCampaigns(work))],
  async clear(work, found) {
    for (const model of [PARTNER, CAMPAIGN]) await removeRecords(work, model, idsToUndo(found, model));
  },
};

/** findPartners finds the contacts. A contact stays if a posted entry or an order that stays refers to it. */
async function findPartners(work: CleanupWork, found: readonly Trace[]): Promise<readonly Trace[]> {
  const pattern = startsWithStamp(work);
  const domain = ["|", ["email", "=like", pattern], ["name", "=like", pattern], ["active", "in", [true, false]]];
  const partners = await searchRead(work.session, { model: PARTNER, domain, fields: ["name"] }, partnerShape);
  const ids = partners.map(({ id }) => id);
  const posted = await partnersOf(work, ENTRY, [
    ["partner_id", "in", ids],
    ["posted_before", "=", true],
  ]);
  const ordered = await partnersOf(work, ORDER, [["id", "in", [...idsKept(found, ORDER)]]]);
  return partners.map(({ id, name }) => {
    const why = posted.has(id) ? "used by a posted entry" : ordered.has(id) ? "used by an order that stays" : null;
    return { model: PARTNER, id, name, irreversible: why };
  });
}

async function partnersOf({ session }: CleanupWork, model: string, domain: readonly unknown[]): Promise<ReadonlySet<number>> {
  const found = await searchRead(session, { model, domain, fields: ["partner_id"] }, ownerShape);
  return new Set(found.flatMap(({ partner_id }) => idOf(partner_id) ?? []));
}

function findCampaigns(work: CleanupWork): Promise<readonly Trace[]> {
  const search = { model: CAMPAIGN, domain: [["name", "=like", startsWithStamp(work)]] };
  return findTraces(work, search, { word: "campaign", irreversible: null });
}
