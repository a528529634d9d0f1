import type { Arm } from "../../domain/arm.ts";
import { READ_TABLES } from "../../domain/target/database-access.ts";
import type { Finding } from "../../domain/target/finding.ts";
import { blocking, good, poorer, reasonOf } from "../finding.ts";
import { describeDsn } from "./postgres-cluster.ts";
import { openPostgresSession } from "./postgres-session.ts";
import { type ReadableTableRow, readableTablesSql } from "./sql/readable-tables.ts";
import { type RoleRightsRow, roleRightsSql } from "./sql/role-rights.ts";

const SCRIPT = "Run as superuser what this prints: peakproof doctor --print-sql";

/** inspectReads looks whether the invariants role may read what business rules and backlogs need, and do nothing but read. */
export async function inspectReads(arm: Arm, dsn: string): Promise<readonly Finding[]> {
  const name = `invariants-${arm}`;
  const session = openPostgresSession(dsn);
  const names = READ_TABLES.map(({ table }) => table);
  try {
    const tables = await session.query<ReadableTableRow>(readableTablesSql, [names]);
    const [rights] = await session.query<RoleRightsRow>(roleRightsSql, [names]);
    return rights === undefined ? [] : judge(name, describeDsn(dsn), { tables, rights });
  } catch (error) {
    const remedy = "Correct address and password of the invariants connection, or make its role: peakproof doctor --print-sql";
    return [blocking(name, `The invariants role cannot read as ${describeDsn(dsn)}: ${reasonOf(error)}`, remedy)];
  } finally {
    await session.close();
  }
}

function judge(
  name: string,
  where: string,
  found: { tables: readonly ReadableTableRow[]; rights: RoleRightsRow },
): readonly Finding[] {
  const { role, superuser, writes, marker } = found.rights;
  const there = found.tables.filter(({ present }) => present);
  const refused = there.filter(({ readable }) => !readable).map(({ table }) => table);
  const findings = [good(name, `${where} reads ${there.length - refused.length} of Odoo's tables`)];
  if (refused.length > 0) findings.push(poorer(name, `Role ${role} may not read ${refused.join(", ")}`, SCRIPT));
  if (!marker) findings.push(blocking(name, `Role ${role} may not read the marker of the database`, SCRIPT));
  if (superuser || writes) {
    const what = superuser ? "is a superuser" : "may change Odoo's tables";
    findings.push(poorer(name, `Role ${role} ${what}; it only has to read some of them`, SCRIPT));
  }
  return findings;
}
