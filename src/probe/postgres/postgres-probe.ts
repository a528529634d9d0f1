import type { Arm } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import { observe } from "../observe.ts";
import { sampleAndClose } from "../sample-and-close.ts";
import { dataReadings, settingReadings } from "./start-readings.ts";
import { maintenanceReadings } from "./maintenance-readings.ts";
import type { PostgresCluster } from "./postgres-cluster.ts";
import type { PostgresSession } from "./postgres-session.ts";
import { openPostgresSession } from "./postgres-session.ts";
import type { ClusterCountersRow } from "./sql/cluster-counters.ts";
import { clusterCountersSql } from "./sql/cluster-counters.ts";
import type { DatabaseCountersRow } from "./sql/database-counters.ts";
import { databaseCountersSql } from "./sql/database-counters.ts";
import { sessionReadings } from "./session-readings.ts";
import type { SessionsRow } from "./sql/sessions.ts";
import { sessionsSql } from "./sql/sessions.ts";

/** postgresProbe reads counters, sessions, waits and locks of the arms' databases, and WAL and checkpoints of their server. */
export function postgresProbe(cluster: PostgresCluster, options: { everyMs: number }): Probe {
  const session = openPostgresSession(cluster.dsn);
  const databases = [...cluster.arms.keys()];

  async function sample(): Promise<readonly Reading[]> {
    const version = await session.version();
    const sessions = await session.query<SessionsRow>(sessionsSql, [databases]);
    const timeMs = Date.now();
    return [
      ...sessionReadings(sessions, cluster.arms, timeMs),
      ...(await databaseReadings(session, cluster.arms, version)),
      ...(await clusterReadings(session, cluster, version)),
      ...(await maintenanceReadings(session, cluster, version)),
    ];
  }

  return {
    name: cluster.name,
    everyMs: options.everyMs,
    start: async () => [
      ...(await sample()),
      ...(await settingReadings(session, cluster)),
      ...(await dataReadings(session, cluster)),
    ],
    sample,
    stop: () => sampleAndClose(sample, session),
  };
}

async function databaseReadings(
  session: PostgresSession,
  arms: ReadonlyMap<string, Arm>,
  version: number,
): Promise<readonly Reading[]> {
  const rows = await session.query<DatabaseCountersRow>(databaseCountersSql(version), [[...arms.keys()]]);
  const timeMs = Date.now();
  return rows.flatMap(({ database, ...counters }) =>
    observe({ timeMs, arm: arms.get(database) ?? null, probe: "postgres" }, counters),
  );
}

async function clusterReadings(session: PostgresSession, cluster: PostgresCluster, version: number): Promise<readonly Reading[]> {
  const rows = await session.query<ClusterCountersRow>(clusterCountersSql(version));
  const timeMs = Date.now();
  return rows.flatMap((counters) => observe({ timeMs, arm: cluster.arm, probe: "postgres" }, { ...counters }));
}
