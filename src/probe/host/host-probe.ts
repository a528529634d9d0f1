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

/**
 * BackendsRow maps a server process to its database. The database is null for the server's own processes and for the harness's
 * probes.
 */
interface BackendsRow {
  readonly pid: number;
  readonly database: string | null;
}

const backendsSql = `
select pid, case when application_name is distinct from 'peakproof' then datname end as database from pg_stat_activity`;

export interface HostProbeOptions extends StackProcesses {
  readonly everyMs: number;
}

/** hostProbe reads the machine's CPU and pressure, and the CPU time of each part of the stack. The rest is foreign CPU time. */
export function hostProbe(target: Target, clusters: readonly PostgresCluster[], options: HostProbeOptions): Probe {
  const servers = clusters
    .filter(({ dsn }) => isLocal(dsn))
    .map(({ dsn, arms }) => ({ arms, session: openPostgresSession(dsn) }));
  const stack = stackCpu(target, options);
  const driftMs = clockDrift();

  async function sample(): Promise<readonly Reading[]> {
    // Without the list of backends their CPU time would count as foreign. Such a tick is recorded as a failure.
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

/**
 * inspectHost checks whether this machine shows its CPU time and pressure, and whether the configured Odoo processes run on it.
 */
export function inspectHost(target: Target): readonly Finding[] {
  try {
    readFileSync("/proc/stat");
  } catch (error) {
    return [blocking("host", `This machine does not show its CPU time: ${reasonOf(error)}`, "Run on Linux with /proc.")];
  }
  const findings = [good("host", "This machine shows its CPU time")];
  try {
    readFileSync("/proc/pressure/cpu");
  } catch {
    findings.push(poorer("host", "This kernel has no pressure stall information", "Start Linux with psi=1."));
  }
  const table = readProcessTable();
  for (const arm of ARMS) {
    const gone = (target.arms[arm]?.odooPids ?? []).filter((pid) => !table.has(pid));
    if (gone.length > 0) {
      findings.push(
        poorer(
          "host",
          `Processes ${gone.join(", ")} of the ${arm} do not run on this machine`,
          "Configure the pids of the running processes.",
        ),
      );
    }
  }
  return findings;
}

/** Clocks are a clock that can be set and a monotonic clock, in milliseconds. */
export interface Clocks {
  readonly wallMs: () => number;
  readonly steadyMs: () => number;
}

const ownClocks: Clocks = { wallMs: () => Date.now(), steadyMs: () => performance.now() };

/**
 * clockDrift returns the milliseconds by which the wall clock was set since the first call. Time services slew both clocks alike,
 * so a difference is a step. k6 uses the wall clock for timestamps and for the schedule of requests.
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

/** machine returns the size of the machine, so that runs on different machines can be distinguished. */
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

/** pressure returns null where the kernel has no pressure stall information. */
function pressure(resource: "cpu" | "io" | "memory"): number | null {
  try {
    return parsePressure(readFileSync(`/proc/pressure/${resource}`, "latin1"));
  } catch {
    return null;
  }
}
