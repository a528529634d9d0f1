import { DatabaseError } from "pg";
import type { Client } from "pg";
import { HarnessError } from "../../domain/error.ts";
import type { Invariant } from "./invariant.ts";
import { INVARIANTS_14 } from "./odoo14/invariants.ts";

/** invariantsFor reads the version of the database (base is `14.0.1.3`) and gives its rules. */
export async function invariantsFor(client: Client): Promise<readonly Invariant[]> {
  const version = await readVersion(client);
  if (version.startsWith("14.")) return INVARIANTS_14;
  throw new HarnessError("cannot-measure", `There are no invariants for Odoo ${version} yet`, {
    hint: "Leave out the invariants connection of this target, or use a database of Odoo 14.",
  });
}

async function readVersion(client: Client): Promise<string> {
  const sql = "select latest_version as version from ir_module_module where name = 'base'";
  try {
    return (await client.query<{ version: string | null }>(sql)).rows[0]?.version ?? "unknown";
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new HarnessError("cannot-measure", `The invariants role cannot read Odoo's tables: ${error.message}`, {
      hint: "Name a database of Odoo, and run in it: GRANT SELECT ON ALL TABLES IN SCHEMA public TO the role.",
      cause: error,
    });
  }
}
