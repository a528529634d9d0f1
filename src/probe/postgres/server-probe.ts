import type { Probe, Reading } from "../../domain/reading.ts";
import { fromZero } from "../from-zero.ts";
import { observe } from "../observe.ts";
import { sampleAndClose } from "../sample-and-close.ts";
import type { PostgresCluster } from "./postgres-cluster.ts";
import { openPostgresSession } from "./postgres-session.ts";
import type { IoCountersRow } from "./sql/io-counters.ts";
import { ioCountersSql } from "./sql/io-counters.ts";
import type { ReplicationRow } from "./sql/replication.ts";
import { replicationSql } from "./sql/replication.ts";
import type { WalCountersRow } from "./sql/wal-counters.ts";
import { walCountersSql } from "./sql/wal-counters.ts";

/** serverProbe reads what concerns the whole server and need not be known every second: replicas, archive, I/O, kinds of WAL. */
export function serverProbe(cluster: PostgresCluster, options: { everyMs: number }): Probe {
  const session = openPostgresSession(cluster.dsn);
  const complete = fromZero();

  async function sample(): Promise<readonly Reading[]> {
    const version = await session.version();
    const [ioSql, walSql] = [ioCountersSql(version), walCountersSql(version)];
    const replication = await session.query<ReplicationRow>(replicationSql);
    const io = ioSql === null ? [] : await session.query<IoCountersRow>(ioSql);
    const wal = walSql === null ? [] : await session.query<WalCountersRow>(walSql);
    const observation = { timeMs: Date.now(), arm: cluster.arm, probe: "postgres" } as const;
    return [
      ...[...replication, ...wal].flatMap((figures) => observe(observation, { ...figures })),
      ...complete(io.flatMap(({ backend, ...counters }) => observe({ ...observation, labels: { backend } }, counters))),
    ];
  }

  return {
    name: `${cluster.name}-server`,
    everyMs: options.everyMs,
    start: sample,
    sample,
    stop: () => sampleAndClose(sample, session),
  };
}
