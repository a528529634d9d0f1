import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "./write-file-atomically.ts";

const password = z.string().min(16);

const schema = z.strictObject({
  /** PostgreSQL roles. */
  postgres: password,
  odoo: password,
  probe: password,
  invariants: password,
  /** Master password of the Odoo servers and password of the user that the scenarios log in as. */
  odooMaster: password,
  shopUser: password,
});

/** LabSecrets are made anew for each lab, and are good on this machine's loopback interface only. */
export type LabSecrets = z.infer<typeof schema>;

/** ensureLabSecrets reads the lab's secrets and makes them where there are none. */
export function ensureLabSecrets(lab: string): LabSecrets {
  const path = join(lab, "secrets.json");
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Missing or from another version of the schema: new ones do, since they are set again at every start.
  }
  const secrets: LabSecrets = {
    postgres: newPassword(),
    odoo: newPassword(),
    probe: newPassword(),
    invariants: newPassword(),
    odooMaster: newPassword(),
    shopUser: newPassword(),
  };
  writeFileAtomically(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

/** Hexadecimal needs no quoting in SQL, in a URL or in a configuration file. */
function newPassword(): string {
  return randomBytes(16).toString("hex");
}
