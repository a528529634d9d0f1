import type { Probe, Reading } from "../../domain/reading.ts";
import { fromZero } from "../from-zero.ts";
import { observe } from "../observe.ts";
import { sampleAndClose } from "../sample-and-close.ts";
import type { PostgresCluster } from "./postgres-cluster.ts";
import { openPostgresSession } from "./postgres-session.ts";
import { statementReadings } from "./statement-readings.ts";
import { statementTotals } from "./statement-totals.ts";
import type { StatementExtensionRow } from "./sql/statement-extension.ts";
import { statementExtensionSql } from "./sql/statement-extension.ts";
import type { StatementTextsRow } from "./sql/statement-texts.ts";
import { statementTextsSql } from "./sql/statement-texts.ts";
import type { StatementTotalsRow } from "./sql/statement-totals.ts";
import { statementTotalsSql } from "./sql/statement-totals.ts";

/** statementsProbe reads pg_stat_statements: sums of each arm's database on every tick, single statements before and after. */
export function statementsProbe(cluster: PostgresCluster, options: { everyMs: number }): Probe {
  const session = openPostgresSession(cluster.dsn);
  const databases = [...cluster.arms.keys()];
  const complete = fromZero();
  const totalsOf = statementTotals();
  let schema: string | null = null;

  async function extensionSchema(): Promise<string> {
    schema ??= (await session.query<StatementExtensionRow>(statementExtensionSql))[0]?.schema ?? null;
    if (schema === null) throw new Error("pg_stat_statements does not exist in this database");
    return schema;
  }

  async function totals(): Promise<readonly Reading[]> {
    const sql = statementTotalsSql(await session.version(), await extensionSchema());
    const rows = await session.query<StatementTotalsRow>(sql, [databases, cluster.roles]);
    const timeMs = Date.now();
    return rows.flatMap((row) =>
      observe({ timeMs, arm: cluster.arms.get(row.database) ?? null, probe: "postgres" }, totalsOf(row)),
    );
  }

  async function texts(): Promise<readonly Reading[]> {
    const sql = statementTextsSql(await session.version(), await extensionSchema());
    const rows = await session.query<StatementTextsRow>(sql, [databases, cluster.roles]);
    return complete(statementReadings(rows, cluster.arms, Date.now()));
  }

  return {
    name: `${cluster.name}-statements`,
    everyMs: options.everyMs,
    start: async () => [...(await texts()), ...(await totals())],
    sample: totals,
    stop: () => sampleAndClose(async () => [...(await totals()), ...(await texts())], session),
  };
}
