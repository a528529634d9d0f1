import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { OdooFault } from "../connection/json-rpc.ts";
import { type OdooSession, searchRead } from "../connection/session.ts";

const LIMIT_MS = 30_000;

/** The shop may redirect to the path of the language and to the path with a trailing slash. */
const MOST_REDIRECTS = 4;

const websiteShape = z.object({ account_on_checkout: z.enum(["optional", "disabled", "mandatory"]) });
const paymentShape = z.object({ name: z.string(), state: z.string() });

/** Visitor describes what a visitor without an account may do in the shop. */
export interface Visitor {
  /** `login`: the shop requires an account. `no-database`: the server has no database for this host name. */
  readonly shop: "open" | "login" | "no-database" | "absent";
  /** The account setting of the checkout; null if the server has no such setting and always admits guests. */
  readonly account: "optional" | "disabled" | "mandatory" | null;
}

/** PaymentChoice is one payment provider of a shop. State `test` simulates payments, `enabled` takes real money. */
export interface PaymentChoice {
  readonly name: string;
  readonly state: string;
}

/** readVisitor requests the shop page without a login, and reads the account setting of the checkout. */
export async function readVisitor(session: OdooSession): Promise<Visitor> {
  return { shop: await readShopPage(session.account.baseUrl), account: await readAccountRule(session) };
}

async function readShopPage(baseUrl: string): Promise<Visitor["shop"]> {
  let url = new URL("/shop", baseUrl);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await get(url);
    const location = response.headers.get("location");
    await response.body?.cancel();
    if (response.status === 404) return "absent";
    if (response.status === 200) return "open";
    if (location === null) break;
    url = new URL(location, url);
    if (url.pathname.startsWith("/web/database")) return "no-database";
    if (url.pathname.startsWith("/web/login")) return "login";
  }
  return "absent";
}

async function get(url: URL): Promise<Response> {
  try {
    return await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) });
  } catch (error) {
    throw new HarnessError("cannot-measure", `Odoo does not answer at ${url.href}`, {
      hint: "Start the target, or correct its base URL.",
      cause: error,
    });
  }
}

async function readAccountRule(session: OdooSession): Promise<Visitor["account"]> {
  const field = "account_on_checkout";
  try {
    const call = { model: "website", method: "fields_get", args: [[field], ["type"]] };
    if (!Object.hasOwn(await session.call(call, z.record(z.string(), z.unknown())), field)) return null;
  } catch (error) {
    // The model `website` does not exist.
    if (error instanceof OdooFault) return null;
    throw error;
  }
  return (
    (await searchRead(session, { model: "website", domain: [], fields: [field], limit: 1 }, websiteShape))[0]?.[field] ?? null
  );
}

/** readPayments lists the payment providers (acquirers up to Odoo 15) that are not disabled. */
export async function readPayments(session: OdooSession): Promise<readonly PaymentChoice[]> {
  const domain = [["state", "!=", "disabled"]];
  for (const model of ["payment.provider", "payment.acquirer"]) {
    try {
      return (await searchRead(session, { model, domain, fields: ["name", "state"] }, paymentShape)).map(({ name, state }) => ({
        name,
        state,
      }));
    } catch (error) {
      // This model belongs to other versions of Odoo.
      if (!(error instanceof OdooFault)) throw error;
    }
  }
  return [];
}
