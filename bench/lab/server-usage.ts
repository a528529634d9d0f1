import { ARMS } from "../../src/domain/arm.ts";
import { INVARIANTS_ROLE, PROBE_ROLE } from "../../src/domain/target/database-access.ts";
import { labStatus } from "../../src/lab/lab-up.ts";
import { odooServiceName, type RunningLab } from "../../src/lab/services/running-lab.ts";
import { type ProcessTable, processTree, readProcessTable, treeCpuMs } from "../../src/probe/host/proc.ts";

/** ServerPart is one of the programs of a shop's server. */
export interface ServerPart {
  readonly name: "PostgreSQL" | "Redis" | "Traefik" | "Odoo";
  /** Root processes of its process trees. */
  readonly pids: readonly number[];
}

/** RoleWork is the work of PostgreSQL for one role, according to pg_stat_statements. */
export interface RoleWork {
  readonly role: string;
  readonly calls: number;
  readonly execMs: number;
}

/** ServerUsage is the CPU time and work up to one moment. Times are milliseconds. */
export interface ServerUsage {
  readonly timeMs: number;
  readonly table: ProcessTable;
  /** Pids of the PostgreSQL backends that serve probes. */
  readonly probeBackends: readonly number[];
  readonly roles: readonly RoleWork[];
}

/** serverParts finds the programs of a lab in which both arms run. */
export async function serverParts(projectDir: string): Promise<readonly ServerPart[]> {
  const { services } = await labStatus({ projectDir });
  const pidsOf = (...names: readonly string[]) =>
    services.flatMap(({ name, pid }) => (pid !== null && names.includes(name) ? [pid] : []));
  return [
    { name: "PostgreSQL", pids: pidsOf("postgres") },
    { name: "Redis", pids: pidsOf("redis") },
    { name: "Traefik", pids: pidsOf("traefik") },
    { name: "Odoo", pids: pidsOf(...ARMS.map((arm) => odooServiceName(arm))) },
  ];
}

const BACKENDS = "select pid from pg_stat_activity where application_name = 'peakproof'";
const ROLES = `
select r.rolname as role, sum(s.calls)::float8 as calls, sum(s.total_exec_time)::float8 as "execMs"
from pg_stat_statements(false) s join pg_roles r on r.oid = s.userid
where r.rolname = any($1) group by 1 order by 1`;

/** readServerUsage reads the processes and queries PostgreSQL. Its own query costs some milliseconds once per period. */
export async function readServerUsage(lab: RunningLab): Promise<ServerUsage> {
  const [timeMs, table] = [performance.now(), readProcessTable()];
  return lab.withDatabase("postgres", async (client) => {
    const backends = await client.query<{ pid: number }>(BACKENDS);
    const roles = await client.query<RoleWork>(ROLES, [["odoo", PROBE_ROLE, INVARIANTS_ROLE]]);
    return { timeMs, table, probeBackends: backends.rows.map(({ pid }) => pid), roles: roles.rows };
  });
}

/** cpuMs is the CPU time of a program and all of its descendants. */
export function cpuMs(table: ProcessTable, { pids }: Pick<ServerPart, "pids">): number {
  return treeCpuMs(processTree(table, pids));
}

/**
 * probeBackendsMs is the CPU time of the probes' backends between two readings. A backend that started in between began at zero.
 */
export function probeBackendsMs(first: ServerUsage, last: ServerUsage): number {
  return last.probeBackends.reduce((sum, pid) => sum + ownMs(last, pid) - ownMs(first, pid), 0);
}

function ownMs({ table }: ServerUsage, pid: number): number {
  return table.get(pid)?.ownMs ?? 0;
}
