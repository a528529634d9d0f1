/** ReadableTableRow says of one table whether it is there, and whether this role may read any of it. */
export interface ReadableTableRow {
  readonly table: string;
  readonly present: boolean;
  readonly readable: boolean;
}

/** readableTablesSql looks tables up without an error for those that are not there. A right to some columns is enough. */
export const readableTablesSql = `
select name as table, to_regclass(name) is not null as present,
  coalesce(has_any_column_privilege(to_regclass(name)::oid, 'select'), false) as readable
from unnest($1::text[]) as t (name)`;

/** ReadableColumnRow is one column that this role may read, as `table.column`. */
export interface ReadableColumnRow {
  readonly name: string;
}

/** readableColumnsSql lists the columns of tables that are there. */
export const readableColumnsSql = `
select format('%s.%s', name, attname) as name
from unnest($1::text[]) as t (name)
join pg_attribute on attrelid = to_regclass(name) and attnum > 0 and not attisdropped
where has_column_privilege(attrelid, attnum, 'select')`;
