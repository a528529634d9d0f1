import { z } from "zod";
import { HarnessError } from "../domain/error.ts";
import { callJsonRpc } from "./json-rpc.ts";
import { OdooFault } from "./odoo-fault.ts";

const TIMEOUT_MS = 10_000;

/** findDatabase is the only database of a server; where there are several, or none can be seen, one has to be named. */
export async function findDatabase(baseUrl: string): Promise<string> {
  const names = await listDatabases(baseUrl);
  const [only, ...others] = names ?? [];
  if (only !== undefined && others.length === 0) return only;
  const said =
    names === null
      ? `${baseUrl} does not list its databases`
      : names.length === 0
        ? `${baseUrl} has no database that answers to this host name`
        : `${baseUrl} has several databases: ${names.join(", ")}`;
  throw new HarnessError("cannot-measure", said, { hint: "Name the database with --database NAME." });
}

/** Asked without a login; null where it keeps them to itself (`list_db = False`). */
async function listDatabases(baseUrl: string): Promise<readonly string[] | null> {
  try {
    const { result } = await callJsonRpc({ baseUrl, path: "/web/database/list", params: {}, timeoutMs: TIMEOUT_MS });
    return z.array(z.string()).safeParse(result).data ?? null;
  } catch (error) {
    // Odoo refuses by an error, an ingress that keeps the path to itself by a page.
    if (error instanceof OdooFault || error instanceof HarnessError) return null;
    throw error;
  }
}
