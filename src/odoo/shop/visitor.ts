import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { OdooFault } from "../connection/json-rpc.ts";
import { type OdooSession, searchRead } from "../connection/session.ts";

/** Visitor is what somebody without an account may do in the shop. */
export interface Visitor {
  /** `login`: the shop is for those with an account. `no-database`: the server does not know whose shop this host name is. */
  readonly shop: "open" | "login" | "no-database" | "absent";
  /** Whether a checkout needs an account; null where the server has no such setting, and guests are always welcome. */
  readonly account: "optional" | "disabled" | "mandatory" | null;
}

const LIMIT_MS = 30_000;
/** The shop's page may be reached by way of its language and its trailing slash. */
const MOST_REDIRECTS = 4;

/** readVisitor looks at the shop as a stranger does, and reads what the website demands of a checkout. */
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

const website = z.object({ account_on_checkout: z.enum(["optional", "disabled", "mandatory"]) });

async function readAccountRule(session: OdooSession): Promise<Visitor["account"]> {
  const field = "account_on_checkout";
  try {
    const call = { model: "website", method: "fields_get", args: [[field], ["type"]] };
    if (!Object.hasOwn(await session.call(call, z.record(z.string(), z.unknown())), field)) return null;
  } catch (error) {
    // There is no website at all.
    if (error instanceof OdooFault) return null;
    throw error;
  }
  return (await searchRead(session, { model: "website", domain: [], fields: [field], limit: 1 }, website))[0]?.[field] ?? null;
}

/** PaymentChoice is one way to pay that a shop has set up: `test` simulates, `enabled` takes real money. */
export interface PaymentChoice {
  readonly name: string;
  readonly state: string;
}

const choice = z.object({ name: z.string(), state: z.string() });

/** readPayments lists the providers (acquirers, in older versions) that are not switched off. */
export async function readPayments(session: OdooSession): Promise<readonly PaymentChoice[]> {
  const domain = [["state", "!=", "disabled"]];
  for (const model of ["payment.provider", "payment.acquirer"]) {
    try {
      return (await searchRead(session, { model, domain, fields: ["name", "state"] }, choice)).map(({ name, state }) => ({
        name,
        state,
      }));
    } catch (error) {
      // The other versions' model.
      if (!(error instanceof OdooFault)) throw error;
    }
  }
  return [];
}
