import { INVARIANTS_ROLE, PROBE_ROLE, READ_TABLES } from "../../domain/target/database-access.ts";

/** Connection limit of a role: one for each of its probes, and those of the checks before and after the load. */
const CONNECTIONS = 10;

/**
 * rolesScript returns a psql script that creates both roles with the least rights that they need. It also changes existing roles
 * to that state. It may be run again, and must be run again after modules were installed. It contains no password.
 */
export function rolesScript(databases: readonly string[]): string {
  return `${HEAD}
${createRole(PROBE_ROLE, "5s")}
grant pg_monitor to ${PROBE_ROLE};

${createRole(INVARIANTS_ROLE, "2min")}

-- psql asks for each password and sends only its hash. Without psql: alter role ${PROBE_ROLE} password '...';
\\password ${PROBE_ROLE}
\\password ${INVARIANTS_ROLE}
${databases.map((database) => databaseScript(database)).join("")}`;
}

const HEAD = `-- Roles of peakproof for PostgreSQL 13 and later. Run as superuser: psql -d postgres -f roles.sql
-- ${PROBE_ROLE} reads the server's statistics and no table of Odoo.
-- ${INVARIANTS_ROLE} reads the tables below, for business rules and backlogs. Neither role can write.
-- Run the script again after modules were installed or upgraded, to grant rights on new tables.
\\set ON_ERROR_STOP on
`;

function createRole(role: string, statementLimit: string): string {
  return `do $$ begin
  if not exists (select from pg_roles where rolname = '${role}') then create role ${role} login; end if;
end $$;
alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication connection limit ${CONNECTIONS};
alter role ${role} set default_transaction_read_only = on;
alter role ${role} set statement_timeout = '${statementLimit}';
alter role ${role} set lock_timeout = '1s';`;
}

/** Rights from an earlier script are revoked first, so that the role has only the listed rights. */
function databaseScript(database: string): string {
  const name = identifier(database);
  return `
\\connect ${name}
create extension if not exists pg_stat_statements;
grant connect on database ${name} to ${PROBE_ROLE}, ${INVARIANTS_ROLE};
grant usage on schema public to ${INVARIANTS_ROLE};
revoke all on all tables in schema public from ${INVARIANTS_ROLE};
revoke all on all sequences in schema public from ${INVARIANTS_ROLE};
do $$
declare
  item record;
begin
  -- Missing tables and columns belong to modules that are not installed, or to other versions of Odoo.
  for item in select wanted.name, wanted.columns is null as whole, (
      select string_agg(quote_ident(a.attname), ', ') from pg_attribute a
      where a.attrelid = to_regclass('public.' || wanted.name) and a.attname = any(string_to_array(wanted.columns, ', '))
    ) as columns
  from (values
${READ_TABLES.map(({ table, columns }) => valuesRow(table, columns)).join(",\n")}
  ) as wanted (name, columns)
  where to_regclass('public.' || wanted.name) is not null
  loop
    if item.whole or item.columns is not null then
      execute format('grant select %s on public.%I to ${INVARIANTS_ROLE}', '(' || item.columns || ')', item.name);
    end if;
  end loop;
end $$;

-- The system parameters hold Odoo's secrets, so the role may read only the marker that allows load on this database.
create or replace function public.peakproof_marker() returns text language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as 'select value::text from public.ir_config_parameter where key = ''peakproof.marker''';
revoke all on function public.peakproof_marker() from public;
grant execute on function public.peakproof_marker() to ${INVARIANTS_ROLE};
`;
}

/** Null columns mean the whole table: format() writes null as an empty text. */
function valuesRow(table: string, columns: readonly string[] | undefined): string {
  return `    ('${table}', ${columns === undefined ? "null" : `'${columns.join(", ")}'`})`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
