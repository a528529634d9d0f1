import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import type { Finding } from "../../domain/target/finding.ts";
import type { Target } from "../../domain/target/target.ts";
import { isLocal, openPostgresSession, type PostgresCluster, type PostgresSession } from "../postgres/connection.ts";
import { blocking, good, poorer, reasonOf } from "../sampling/finding.ts";
import { observe, sampleAndClose } from "../sampling/readings.ts";
import { parseCpuTimes, parsePressure, readProcessTable } from "./proc.ts";
import { stackCpu, type StackProcesses } from "./stack-cpu.ts";

/** BackendsRow ties a server process to the database that it works for; null for the server's own helpers and for our probes. */
interface BackendsRow {
  readonly pid: number;
  readonly database: string | null;
}

const backendsSql = `
select pid, case when application_name is distinct from 'peakproof' then datname end as database from pg_stat_activity`;

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

/** inspectHost looks whether this machine tells of its CPU and pressure, and whether the named Odoo processes run on it. */
export function inspectHost(target: Target): readonly Finding[] {
  try {
    readFileSync("/proc/stat");
  } catch (error) {
    return [blocking("host", `This machine tells nothing of its CPU: ${reasonOf(error)}`, "Run on Linux with /proc.")];
  }
  const findings = [good("host", "This machine tells of its CPU")];
  try {
    readFileSync("/proc/pressure/cpu");
  } catch {
    findings.push(poorer("host", "This kernel does not tell of pressure", "Start Linux with psi=1."));
  }
  const table = readProcessTable();
  for (const arm of ARMS) {
    const gone = (target.arms[arm]?.odooPids ?? []).filter((pid) => !table.has(pid));
    if (gone.length > 0) {
      findings.push(poorer("host", `Processes ${gone.join(", ")} of the ${arm} do not run here`, "Name the ids that run now."));
    }
  }
  return findings;
}

/** Clocks are the clock that can be set and the one that cannot, in milliseconds. */
export interface Clocks {
  readonly wallMs: () => number;
  readonly steadyMs: () => number;
}

const ownClocks: Clocks = { wallMs: () => Date.now(), steadyMs: () => performance.now() };

/**
 * clockDrift tells by how much the wall clock has been set since the first look. Both clocks are slewed alike by time services, so
 * a difference means a step. k6 stamps its samples, and counts what is due, by the wall clock.
 */
export function clockDrift(clocks: Clocks = ownClocks): () => number {
  let firstMs: number | null = null;
  return () => {
    const distanceMs = clocks.wallMs() - clocks.steadyMs();
    firstMs ??= distanceMs;
    // Adding zero turns minus zero into zero.
    return Math.round((distanceMs - firstMs) * 10) / 10 + 0;
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
