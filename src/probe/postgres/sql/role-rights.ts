/** RoleRightsRow says what a role may do beyond reading. */
export interface RoleRightsRow {
  readonly role: string;
  readonly superuser: boolean;
  /** One of the tables may be changed. */
  readonly writes: boolean;
  /** The marker of the database can be read, by the function of the roles script or in its table. */
  readonly marker: boolean;
}

/** roleRightsSql looks at the role of the connection; $1 are tables. */
export const roleRightsSql = `
select current_user as role,
  (select rolsuper from pg_roles where rolname = current_user) as superuser,
  exists (select from unnest($1::text[]) as t (name)
    where has_table_privilege(to_regclass(name)::oid, 'insert, update, delete, truncate')) as writes,
  to_regprocedure('public.peakproof_marker()') is not null
    or coalesce(has_table_privilege(to_regclass('ir_config_parameter')::oid, 'select'), false) as marker`;
