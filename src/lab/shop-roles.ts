import { INVARIANTS_ROLE, PROBE_ROLE } from "../domain/target/database-access.ts";

/** SHOP_ROLES_SQL makes the roles of the lab's server, without passwords. */
export const SHOP_ROLES_SQL = `
create role odoo login createdb;
create role ${PROBE_ROLE} login in role pg_monitor connection limit 10;
alter role ${PROBE_ROLE} set default_transaction_read_only = on;
alter role ${PROBE_ROLE} set statement_timeout = '5s';
create role ${INVARIANTS_ROLE} login connection limit 10;
alter role ${INVARIANTS_ROLE} set default_transaction_read_only = on;
alter role ${INVARIANTS_ROLE} set statement_timeout = '60s';
create extension if not exists pg_stat_statements;
`;

/**
 * ARM_GRANTS_SQL lets the invariants role read an arm's tables, those of its release included, but not the hashes of people's
 * passwords and keys.
 */
export const ARM_GRANTS_SQL = `
grant select on all tables in schema public to ${INVARIANTS_ROLE};
grant select on all sequences in schema public to ${INVARIANTS_ROLE};
revoke select on res_users, res_users_apikeys from ${INVARIANTS_ROLE};
`;
