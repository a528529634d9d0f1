import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { OdooFault } from "../connection/json-rpc.ts";
import { readServerVersion } from "../connection/server.ts";
import { type OdooSession, searchRead } from "../connection/session.ts";
import type { ServerFacts, WantedFacts } from "./picker.ts";

const ROUTE_LIMIT_MS = 30_000;

/** readServerFacts reads the wanted facts from a server and changes nothing there. */
export async function readServerFacts(session: OdooSession, wanted: WantedFacts): Promise<ServerFacts> {
  const { baseUrl } = session.account;
  const fields = new Map<string, ReadonlySet<string>>();
  for (const [model, names] of Object.entries(wanted.fields)) {
    const there = await readFields(session, model, names);
    if (there !== null) fields.set(model, there);
  }
  const routes = new Set<string>();
  for (const path of wanted.routes) if (await isThere(`${baseUrl}${path}`)) routes.add(path);
  const modules = await readModules(session, wanted.modules);
  const hasApiKey = typeof session.account.apiKey === "string";
  return { server: await readServerVersion(baseUrl), hasApiKey, modules, fields, routes };
}

async function readModules(session: OdooSession, names: readonly string[]): Promise<ReadonlySet<string>> {
  const domain = [
    ["name", "in", names],
    ["state", "=", "installed"],
  ];
  const search = { model: "ir.module.module", domain, fields: ["name"] };
  return new Set((await searchRead(session, search, z.object({ name: z.string() }))).map(({ name }) => name));
}

/** Null where the server has no such model. Versions report that by different errors; a missing right is a different error again. */
async function readFields(session: OdooSession, model: string, names: readonly string[]): Promise<ReadonlySet<string> | null> {
  const call = { model, method: "fields_get", args: [names, ["type"]] };
  try {
    return new Set(Object.keys(await session.call(call, z.record(z.string(), z.unknown()))));
  } catch (error) {
    if (error instanceof OdooFault) return null;
    throw error;
  }
}

/** A route that accepts only a POST, or only JSON, refuses the GET by another status. Only status 404 means that the route is missing. */
async function isThere(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(ROUTE_LIMIT_MS) });
    await response.body?.cancel();
    return response.status !== 404;
  } catch (error) {
    throw new HarnessError("cannot-measure", `Odoo does not answer at ${url}`, {
      hint: "Start the target, or correct its base URL.",
      cause: error,
    });
  }
}
