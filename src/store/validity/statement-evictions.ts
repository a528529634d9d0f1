import type { ValidityFact } from "../../domain/evidence.ts";
import type { Database } from "../files/database.ts";
import { number, text } from "../files/database.ts";

/** statementEvictions says where PostgreSQL forgot statements while they were counted: what is named as a cause may lack some. */
export async function statementEvictions(database: Database): Promise<ValidityFact[]> {
  const rows = await database.rows(
    `with growths as (
      select run, side, max(value) - min(value) as evictions from readings
      where name = 'statement_evictions' and side is not null group by run, side)
    select side, sum(evictions) as evictions from growths group by side having sum(evictions) > 0 order by side`,
    { side: text, evictions: number },
  );
  if (rows.length === 0) return [];
  return [
    {
      code: "statements-evicted",
      severity: "info",
      text: `pg_stat_statements ran out of room in the ${rows.map(({ side }) => side).join(" and the ")}: causes that are named may lack calls`,
      remedy: "Raise pg_stat_statements.max, and set pg_stat_statements.track_utility = off.",
    },
  ];
}
