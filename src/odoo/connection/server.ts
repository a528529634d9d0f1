import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { callJsonRpc, OdooFault } from "./json-rpc.ts";

/** ServerVersion is what Odoo says of itself without a login, such as `14.0-20240101` and 14. */
export interface ServerVersion {
  readonly version: string;
  readonly major: number;
}

/** A version as Odoo tells it: [14, 0, 0, "final", 0, ""]; the hosted service puts `saas~17` first. */
const versionInfo = z.object({
  server_version: z.string(),
  server_version_info: z.tuple([z.union([z.number(), z.string()])], z.unknown()),
});

export async function readServerVersion(baseUrl: string, options: { timeoutMs?: number } = {}): Promise<ServerVersion> {
  const { timeoutMs = 10_000 } = options;
  const call = { baseUrl, path: "/web/webclient/version_info", params: {}, timeoutMs };
  const { result } = await callJsonRpc(call).catch((error: unknown) => {
    throw error instanceof OdooFault ? noVersion(baseUrl, error) : error;
  });
  const info = versionInfo.safeParse(result);
  if (!info.success) throw noVersion(baseUrl);
  const { server_version: version, server_version_info: parts } = info.data;
  return { version, major: Number(String(parts[0]).replace(/\D+/g, "")) };
}

/** Other servers speak JSON-RPC too. */
function noVersion(baseUrl: string, cause?: OdooFault): HarnessError {
  return new HarnessError("cannot-measure", `${baseUrl} does not tell its version as Odoo does`, {
    hint: "Check that the URL leads to Odoo (through the ingress, without a path) and that the ingress routes it.",
    cause,
  });
}

/** requireVersion refuses an Odoo whose ways the harness does not know. It asks without a login. */
export async function requireVersion(baseUrl: string): Promise<ServerVersion> {
  const found = await readServerVersion(baseUrl);
  if (isSupported(found.version)) return found;
  throw new HarnessError("cannot-measure", `${baseUrl} runs Odoo ${found.version}; supported: ${SUPPORTED_VERSIONS}`, {
    hint: "Name a target of a supported version.",
  });
}

const OLDEST = 14;
const NEWEST = 19;

/** SUPPORTED_VERSIONS names for people what isSupported accepts. */
export const SUPPORTED_VERSIONS = `Odoo ${OLDEST} to ${NEWEST}`;

/** isSupported says whether the harness knows the ways of a version as Odoo or its base module tells it: `17.0`, `saas~17.2.1.0`. */
export function isSupported(version: string): boolean {
  const major = Number(/^(?:saas~)?(\d+)\./.exec(version)?.[1]);
  return major >= OLDEST && major <= NEWEST;
}

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
