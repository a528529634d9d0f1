import type { Arm } from "../../domain/arm.ts";
import { READ_TABLES } from "../../domain/target/database-access.ts";
import type { Finding } from "../../domain/target/finding.ts";
import { blocking, good, poorer, reasonOf } from "../sampling/finding.ts";
import { describeDsn, openPostgresSession } from "./connection.ts";

const SCRIPT = "Run the script of this command as superuser: peakproof doctor --print-sql";

/** inspectReads checks whether the invariants role may read the tables of business rules and backlogs, and may only read. */
export async function inspectReads(arm: Arm, dsn: string): Promise<readonly Finding[]> {
  const name = `invariants-${arm}`;
  const session = openPostgresSession(dsn);
  const names = READ_TABLES.map(({ table }) => table);
  try {
    const tables = await session.query<ReadableTableRow>(readableTablesSql, [names]);
    const [rights] = await session.query<RoleRightsRow>(roleRightsSql, [names]);
    return rights === undefined ? [] : judge(name, describeDsn(dsn), { tables, rights });
  } catch (error) {
    const remedy = "Correct address and password of the invariants connection, or create its role: peakproof doctor --print-sql";
    return [blocking(name, `The invariants role cannot read as ${describeDsn(dsn)}: ${reasonOf(error)}`, remedy)];
  } finally {
    await session.close();
  }
}

/** ReadableTableRow says whether a table exists, and whether this role may read any of its columns. */
export interface ReadableTableRow {
  readonly table: string;
  readonly present: boolean;
  readonly readable: boolean;
}

/** readableTablesSql looks up tables without an error for missing ones. The right to read some columns is sufficient. */
export const readableTablesSql = `
select name as table, to_regclass(name) is not null as present,
  coalesce(has_any_column_privilege(to_regclass(name)::oid, 'select'), false) as readable
from unnest($1::text[]) as t (name)`;

/** ReadableColumnRow is one column that this role may read, as `table.column`. */
export interface ReadableColumnRow {
  readonly name: string;
}

/** readableColumnsSql lists the readable columns of existing tables. */
export const readableColumnsSql = `
select format('%s.%s', name, attname) as name
from unnest($1::text[]) as t (name)
join pg_attribute on attrelid = to_regclass(name) and attnum > 0 and not attisdropped
where has_column_privilege(attrelid, attnum, 'select')`;

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
    findings.push(poorer(name, `Role ${role} ${what}; it needs to read only some of them`, SCRIPT));
  }
  return findings;
}

/** RoleRightsRow holds the rights of a role beyond reading. */
interface RoleRightsRow {
  readonly role: string;
  readonly superuser: boolean;
  /** The role may change at least one of the tables. */
  readonly writes: boolean;
  /** The role can read the marker of the database, with the function of the roles script or in its table. */
  readonly marker: boolean;
}

/** roleRightsSql checks the role of the connection. $1 are tables. */
const roleRightsSql = `
select current_user as role,
  (select rolsuper from pg_roles where rolname = current_user) as superuser,
  exists (select from unnest($1::text[]) as t (name)
    where has_table_privilege(to_regclass(name)::oid, 'insert, update, delete, truncate')) as writes,
  to_regprocedure('public.peakproof_marker()') is not null
    or coalesce(has_table_privilege(to_regclass('ir_config_parameter')::oid, 'select'), false) as marker`;
