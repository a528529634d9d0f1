import type { Arm } from "../../domain/arm.ts";
import type { Finding } from "../../domain/target/finding.ts";
import { tailLog } from "../../files/tail.ts";
import { blocking, good, reasonOf } from "../finding.ts";

/** inspectOdooLog looks whether the log can be read. That Odoo writes requests to it shows only once there are some. */
export async function inspectOdooLog(arm: Arm, path: string): Promise<readonly Finding[]> {
  const name = `odoo-${arm}`;
  try {
    await tailLog(path).begin();
    return [good(name, `The Odoo log ${path} can be read`)];
  } catch (error) {
    const remedy = "Name the file that Odoo writes (logfile), give read access to it, or leave it out.";
    return [blocking(name, `The Odoo log ${path} cannot be read: ${reasonOf(error)}`, remedy)];
  }
}
