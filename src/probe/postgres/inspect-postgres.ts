import { DatabaseError } from "pg";

import type { Arm } from "../../domain/arm.ts";
import { PROBE_ROLE } from "../../domain/target/database-access.ts";
import type { Finding } from "../../domain/target/finding.ts";
import { blocking, good, poorer, reasonOf } from "../sampling/finding.ts";
import { describeDsn, openPostgresSession, type PostgresSession } from "./connection.ts";
import { type StatementExtensionRow, statementExtensionSql } from "./statements.ts";

/** inspectPostgres checks whether the probe role can read the statistics of one arm's database. */
export async function inspectPostgres(arm: Arm, options: { dsn: string; database: string }): Promise<readonly Finding[]> {
  const { dsn, database } = options;
  const session = openPostgresSession(dsn);
  try {
    const [row] = await session.query<ReadinessRow>(readinessSql, [database]);
    if (row === undefined) return [];
    return [...judge(row, arm, options), await inspectStatements(session, arm, options)];
  } catch (error) {
    return [explainConnection(error, arm, dsn)];
  } finally {
    await session.close();
  }
}

/**
 * ReadinessRow holds the facts that decide how well a server can be observed. Settings are null where the role may not see them.
 */
interface ReadinessRow {
  readonly version: string;
  readonly role: string;
  readonly monitor: boolean;
  readonly owner: boolean;
  readonly database_exists: boolean;
  readonly io_timing: string | null;
  readonly track_utility: string | null;
}

const readinessSql = `
select current_setting('server_version') as version,
  current_user as role,
  pg_has_role(current_user, 'pg_read_all_stats', 'usage') as monitor,
  coalesce((select datdba = (select oid from pg_roles where rolname = current_user) from pg_database where datname = $1), false)
    as owner,
  exists (select from pg_database where datname = $1) as database_exists,
  current_setting('track_io_timing', true) as io_timing,
  current_setting('pg_stat_statements.track_utility', true) as track_utility`;

function judge(row: ReadinessRow, arm: Arm, options: { dsn: string; database: string }): readonly Finding[] {
  const name = `postgres-${arm}`;
  const { database, dsn } = options;
  const findings = [good(name, `PostgreSQL ${row.version} answers as ${describeDsn(dsn)}`)];
  if (!row.database_exists) {
    findings.push(
      blocking(name, `There is no database ${database} on ${describeDsn(dsn)}`, "Configure the server of this arm's database."),
    );
  }
  if (!row.monitor) {
    findings.push(
      blocking(name, `Role ${row.role} may not read statistics of other roles`, `Run: ${roleSql(row.role, database)}`),
    );
  }
  if (row.owner) {
    const remedy = `Run the script of this command as superuser, and use the role ${PROBE_ROLE}: peakproof doctor --print-sql`;
    findings.push(
      blocking(name, `Role ${row.role} owns ${database}, so its statements cannot be distinguished from Odoo's`, remedy),
    );
  }
  if (row.io_timing === "off") {
    findings.push(
      poorer(
        name,
        "PostgreSQL does not measure the time of disk reads",
        "Set track_io_timing = on in postgresql.conf and reload.",
      ),
    );
  }
  if (row.track_utility === "on") {
    const text = "pg_stat_statements keeps an entry for each savepoint, which displaces other entries";
    findings.push(poorer(name, text, "Set pg_stat_statements.track_utility = off in postgresql.conf and reload."));
  }
  return findings;
}

/** roleSql returns the SQL that grants a probe role its rights. */
function roleSql(role: string, database: string): string {
  return `GRANT pg_monitor TO ${role}; GRANT CONNECT ON DATABASE "${database}" TO ${role};`;
}

async function inspectStatements(
  session: PostgresSession,
  arm: Arm,
  options: { dsn: string; database: string },
): Promise<Finding> {
  const name = `postgres-${arm}`;
  const schema = (await session.query<StatementExtensionRow>(statementExtensionSql))[0]?.schema;
  const preload = "Add pg_stat_statements to shared_preload_libraries in postgresql.conf and restart PostgreSQL.";
  if (schema === undefined) {
    const remedy = `Run in that database: CREATE EXTENSION pg_stat_statements; If that fails: ${preload}`;
    return blocking(name, `pg_stat_statements is not installed in ${describeDsn(options.dsn)}`, remedy);
  }
  try {
    const [row] = await session.query<{ entries: number }>(
      `select count(*)::int as entries from ${schema}.pg_stat_statements(false)`,
    );
    return good(name, `pg_stat_statements holds ${row?.entries ?? 0} statements`);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return blocking(name, `pg_stat_statements cannot be read: ${error.message}`, preload);
  }
}

/** explainConnection recognises the errors of PostgreSQL by their SQLSTATE. Any other error did not come from a server. */
function explainConnection(error: unknown, arm: Arm, dsn: string): Finding {
  const where = describeDsn(dsn);
  const name = `postgres-${arm}`;
  const code = error instanceof DatabaseError ? (error.code ?? "") : "";
  if (code === "28P01") {
    return blocking(name, `PostgreSQL refuses the password of ${where}`, "Correct the password of the probe connection.");
  }
  if (code === "28000" || code === "42501") {
    const remedy = "Create the role, allow it in pg_hba.conf, and grant it CONNECT on the database.";
    return blocking(name, `PostgreSQL refuses ${where}: ${reasonOf(error)}`, remedy);
  }
  if (code === "3D000")
    return blocking(name, `There is no database for ${where}`, "Correct the database in the probe connection.");
  if (code === "53300") {
    return blocking(
      name,
      `PostgreSQL has no connection left for ${where}`,
      "Raise max_connections, or the role's CONNECTION LIMIT to 10.",
    );
  }
  if (code !== "") return blocking(name, `PostgreSQL at ${where} failed: ${reasonOf(error)}`, "Read the log of the server.");
  return blocking(
    name,
    `PostgreSQL does not answer at ${where}: ${reasonOf(error)}`,
    "Start PostgreSQL, or correct host and port.",
  );
}
