import { z } from "zod";
import { HarnessError } from "../domain/error.ts";
import { isSupported, SUPPORTED_VERSIONS } from "./capabilities/supported-version.ts";
import { callJsonRpc } from "./json-rpc.ts";
import { OdooFault } from "./odoo-fault.ts";

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
