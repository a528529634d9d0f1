import type { Reading } from "../../domain/reading.ts";
import { observe } from "../observe.ts";
import type { PostgresCluster } from "./postgres-cluster.ts";
import type { PostgresSession } from "./postgres-session.ts";
import { openPostgresSession } from "./postgres-session.ts";
import type { DatabaseSizeRow, TableRowsRow } from "./sql/data-size.ts";
import { databaseSizeSql, tableRowsSql } from "./sql/data-size.ts";
import type { SettingRow } from "./sql/server-settings.ts";
import { COMPARED_SETTINGS, serverSettingsSql } from "./sql/server-settings.ts";

/** Tables whose rows decide what the business steps cost; they are read even where they are small. */
const BUSINESS_TABLES = [
  "product_product",
  "product_template",
  "sale_order",
  "sale_order_line",
  "stock_move",
  "stock_move_line",
  "stock_picking",
  "stock_quant",
];

/** settingReadings tells the settings of the server and of each arm's database; the setting is a label, and the value always 1. */
export async function settingReadings(session: PostgresSession, cluster: PostgresCluster): Promise<readonly Reading[]> {
  const rows = await session.query<SettingRow>(serverSettingsSql, [COMPARED_SETTINGS, [...cluster.arms.keys()]]);
  const timeMs = Date.now();
  return rows.flatMap(({ database, name, setting }) => {
    const arm = (database === null ? null : cluster.arms.get(database)) ?? cluster.arm;
    return observe({ timeMs, arm, probe: "postgres", labels: { name, setting } }, { server_setting: 1 });
  });
}

/** dataReadings tells how much data each arm has: bytes of its database, and rows of its largest and its business tables. */
export async function dataReadings(session: PostgresSession, cluster: PostgresCluster): Promise<readonly Reading[]> {
  const sizes = await session.query<DatabaseSizeRow>(databaseSizeSql, [[...cluster.arms.keys()]]);
  const timeMs = Date.now();
  const readings = sizes.flatMap(({ database, bytes }) =>
    observe({ timeMs, arm: cluster.arms.get(database) ?? null, probe: "postgres" }, { database_bytes: bytes }),
  );
  for (const { arm, database, dsn } of cluster.connections) {
    for (const { table, rows } of await tableRows(dsn, database)) {
      readings.push(...observe({ timeMs, arm, probe: "postgres", labels: { table } }, { live_rows: rows }));
    }
  }
  return readings;
}

/** A probe may be connected to another database of the server than its arm's; of that one's tables nothing is said. */
async function tableRows(dsn: string, database: string): Promise<readonly TableRowsRow[]> {
  const session = openPostgresSession(dsn);
  try {
    const rows = await session.query<TableRowsRow>(tableRowsSql, [BUSINESS_TABLES]);
    return rows.filter((row) => row.database === database);
  } finally {
    await session.close();
  }
}
