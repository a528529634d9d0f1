import type { Client } from "pg";

/** MARKER_KEY is the system parameter by which a database says that it may be loaded. */
export const MARKER_KEY = "peakproof.marker";

/**
 * readMarker asks the database for its marker; null where it has none. The table of system parameters holds secrets too, so the
 * invariants role may have a function in its place that gives the marker alone (`peakproof doctor --print-sql` makes it).
 */
export async function readMarker(client: Client): Promise<string | null> {
  const there = await client.query<{ there: boolean }>(
    "select to_regprocedure('public.peakproof_marker()') is not null as there",
  );
  const { rows } =
    there.rows[0]?.there === true
      ? await client.query<{ value: string | null }>("select public.peakproof_marker() as value")
      : await client.query<{ value: string | null }>("select value from ir_config_parameter where key = $1", [MARKER_KEY]);
  return rows[0]?.value ?? null;
}
