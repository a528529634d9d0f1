import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

import type { Arm } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target/target.ts";
import { observe } from "../observe.ts";
import { isLocal, type PostgresCluster } from "../postgres/postgres-cluster.ts";
import { openPostgresSession, type PostgresSession } from "../postgres/postgres-session.ts";
import { type BackendsRow, backendsSql } from "../postgres/sql/backends.ts";
import { sampleAndClose } from "../sample-and-close.ts";
import { clockDrift } from "./clock-drift.ts";
import { parsePressure } from "./pressure.ts";
import { parseCpuTimes } from "./proc-stat.ts";
import { readProcessTable } from "./process-table.ts";
import { stackCpu, type StackProcesses } from "./stack-cpu.ts";

export interface HostProbeOptions extends StackProcesses {
  readonly everyMs: number;
}

/** hostProbe reads the machine's CPU and pressure, and what each part of the stack uses of it. What remains is foreign. */
export function hostProbe(target: Target, clusters: readonly PostgresCluster[], options: HostProbeOptions): Probe {
  const servers = clusters
    .filter(({ dsn }) => isLocal(dsn))
    .map(({ dsn, arms }) => ({ arms, session: openPostgresSession(dsn) }));
  const stack = stackCpu(target, options);
  const driftMs = clockDrift();

  async function sample(): Promise<readonly Reading[]> {
    // Without the list of backends their time would be booked as foreign: such a tick is a failure, not a figure.
    const backends = await armsOfBackends(servers);
    const timeMs = Date.now();
    const cpu = parseCpuTimes(readFileSync("/proc/stat", "latin1"));
    return [
      ...stack({ timeMs, table: readProcessTable(), backends, busyMs: cpu.busyMs }),
      ...observe(
        { timeMs, arm: null, probe: "host" },
        {
          cpu_busy_ms: cpu.busyMs,
          cpu_steal_ms: cpu.stealMs,
          cpu_total_ms: cpu.totalMs,
          clock_drift_ms: driftMs(),
          psi_cpu_some_us: pressure("cpu"),
          psi_io_some_us: pressure("io"),
          psi_memory_some_us: pressure("memory"),
        },
      ),
    ];
  }

  return {
    name: "host",
    everyMs: options.everyMs,
    start: async () => [...(await sample()), ...machine()],
    sample,
    stop: () => sampleAndClose(sample, ...servers.map(({ session }) => session)),
  };
}

/** machine says how large the machine is, so that runs on different ones can be told apart. */
function machine(): readonly Reading[] {
  return observe({ timeMs: Date.now(), arm: null, probe: "host" }, { host_cores: cpus().length, host_memory_bytes: totalmem() });
}

async function armsOfBackends(
  servers: readonly { arms: ReadonlyMap<string, Arm>; session: PostgresSession }[],
): Promise<ReadonlyMap<number, Arm | null>> {
  const backends = new Map<number, Arm | null>();
  for (const { arms, session } of servers) {
    for (const { pid, database } of await session.query<BackendsRow>(backendsSql)) {
      backends.set(pid, (database === null ? null : arms.get(database)) ?? null);
    }
  }
  return backends;
}

/** pressure is null where the kernel was built or started without pressure stall information. */
function pressure(resource: "cpu" | "io" | "memory"): number | null {
  try {
    return parsePressure(readFileSync(`/proc/pressure/${resource}`, "latin1"));
  } catch {
    return null;
  }
}
