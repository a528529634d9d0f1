import { REGISTRY_CACHES } from "../../../domain/target/database-access.ts";
import type { BacklogPart } from "./backlog-parts.ts";

/**
 * SIGNAL_PARTS read by what Odoo tells its processes that the registry or a cache is out of date: sequences up to 18, one for each
 * cache from 17 on, and tables from 19 on. What of them a database does not have is left out, and the rest is added up.
 */
export const SIGNAL_PARTS: readonly BacklogPart[] = [
  sequence("registry_signals", "base_registry_signaling"),
  sequence("cache_signals", "base_cache_signaling"),
  ...REGISTRY_CACHES.map((cache) => sequence("cache_signals", `base_cache_signaling_${cache}`)),
  rows("registry_signals", "orm_signaling_registry"),
  ...REGISTRY_CACHES.map((cache) => rows("cache_signals", `orm_signaling_${cache}`)),
];

function sequence(name: string, table: string): BacklogPart {
  return { table, sql: `select json_build_object('${name}', last_value) from ${table}` };
}

function rows(name: string, table: string): BacklogPart {
  return { table, sql: `select json_build_object('${name}', max(id)) from ${table}` };
}
