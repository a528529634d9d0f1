import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import { callJsonRpc, OdooFault } from "./json-rpc.ts";

const TIMEOUT_MS = 10_000;

const OLDEST = 14;
const NEWEST = 19;

/** SUPPORTED_VERSIONS is the range that isSupported accepts, as text for messages. */
export const SUPPORTED_VERSIONS = `Odoo ${OLDEST} to ${NEWEST}`;

/** The answer of `version_info`, such as [14, 0, 0, "final", 0, ""]. The hosted service puts `saas~17` first. */
const versionInfo = z.object({
  server_version: z.string(),
  server_version_info: z.tuple([z.union([z.number(), z.string()])], z.unknown()),
});

/** ServerVersion is the version that Odoo reports without a login, such as `14.0-20240101` and 14. */
export interface ServerVersion {
  readonly version: string;
  readonly major: number;
}

/** requireVersion refuses a server with an unsupported version of Odoo. It needs no login. */
export async function requireVersion(baseUrl: string): Promise<ServerVersion> {
  const found = await readServerVersion(baseUrl);
  if (isSupported(found.version)) return found;
  throw new HarnessError("cannot-measure", `${baseUrl} runs Odoo ${found.version}; supported: ${SUPPORTED_VERSIONS}`, {
    hint: "Name a target with a supported version.",
  });
}

/** readServerVersion reads the version of a server without a login. */
export async function readServerVersion(baseUrl: string, options: { timeoutMs?: number } = {}): Promise<ServerVersion> {
  const { timeoutMs = TIMEOUT_MS } = options;
  const call = { baseUrl, path: "/web/webclient/version_info", params: {}, timeoutMs };
  const { result } = await callJsonRpc(call).catch((error: unknown) => {
    throw error instanceof OdooFault ? noVersion(baseUrl, error) : error;
  });
  const info = versionInfo.safeParse(result);
  if (!info.success) throw noVersion(baseUrl);
  const { server_version: version, server_version_info: parts } = info.data;
  return { version, major: Number(String(parts[0]).replace(/\D+/g, "")) };
}

/** The answer can be valid JSON-RPC from a server that is not Odoo. */
function noVersion(baseUrl: string, cause?: OdooFault): HarnessError {
  return new HarnessError("cannot-measure", `${baseUrl} does not report a version as Odoo does`, {
    hint: "Check that the URL leads to Odoo (through the ingress, without a path) and that the ingress routes it.",
    cause,
  });
}

/** isSupported says whether peakproof supports a version of Odoo or of its base module, such as `17.0` or `saas~17.2.1.0`. */
export function isSupported(version: string): boolean {
  const major = Number(/^(?:saas~)?(\d+)\./.exec(version)?.[1]);
  return major >= OLDEST && major <= NEWEST;
}

/** findDatabase returns the name of the only database of a server. It fails if the server lists several databases or none. */
export async function findDatabase(baseUrl: string): Promise<string> {
  const names = await listDatabases(baseUrl);
  const [only, ...others] = names ?? [];
  if (only !== undefined && others.length === 0) return only;
  const problem =
    names === null
      ? `${baseUrl} does not list its databases`
      : names.length === 0
        ? `${baseUrl} has no database for this host name`
        : `${baseUrl} has several databases: ${names.join(", ")}`;
  throw new HarnessError("cannot-measure", problem, { hint: "Name the database with --database NAME." });
}

/** listDatabases asks without a login. It returns null if the server does not list its databases (`list_db = False`). */
async function listDatabases(baseUrl: string): Promise<readonly string[] | null> {
  try {
    const { result } = await callJsonRpc({ baseUrl, path: "/web/database/list", params: {}, timeoutMs: TIMEOUT_MS });
    return z.array(z.string()).safeParse(result).data ?? null;
  } catch (error) {
    // Odoo refuses with an error; an ingress that blocks the path answers with a page.
    if (error instanceof OdooFault || error instanceof HarnessError) return null;
    throw error;
  }
}
