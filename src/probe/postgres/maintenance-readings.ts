import type { Reading } from "../../domain/reading.ts";
import { observe } from "../observe.ts";
import type { PostgresCluster } from "./postgres-cluster.ts";
import type { PostgresSession } from "./postgres-session.ts";
import type { MaintenanceRow } from "./sql/maintenance.ts";
import { maintenanceSql } from "./sql/maintenance.ts";

/** maintenanceReadings says how much server work was going on, and always how many autovacuum workers each arm had. */
export async function maintenanceReadings(
  session: PostgresSession,
  cluster: PostgresCluster,
  version: number,
): Promise<readonly Reading[]> {
  const rows = await session.query<MaintenanceRow>(maintenanceSql(version));
  const timeMs = Date.now();
  const autovacuum = [...cluster.arms].flatMap(([database, arm]) => {
    const running = rows.find((row) => row.kind === "autovacuum" && row.database === database)?.running ?? 0;
    return observe({ timeMs, arm, probe: "postgres" }, { autovacuum_workers: running });
  });
  const others = rows
    .filter(({ kind, running }) => kind !== "autovacuum" && running > 0)
    .flatMap(({ database, kind, by, running }) => {
      const arm = (database === null ? null : cluster.arms.get(database)) ?? cluster.arm;
      return observe({ timeMs, arm, probe: "postgres", labels: { kind, by } }, { maintenance: running });
    });
  return [...autovacuum, ...others];
}
