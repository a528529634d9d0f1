import { ARMS } from "../../src/domain/arm.ts";
import { INVARIANTS_ROLE, PROBE_ROLE } from "../../src/domain/target/database-access.ts";
import { labStatus } from "../../src/lab/lab-up.ts";
import { odooServiceName, type RunningLab } from "../../src/lab/services/running-lab.ts";
import { type ProcessTable, processTree, readProcessTable, treeCpuMs } from "../../src/probe/host/proc.ts";

/** ServerPart is one of the programs that a shop's server runs. */
export interface ServerPart {
  readonly name: "PostgreSQL" | "Redis" | "Traefik" | "Odoo";
  /** The first processes of its trees. */
  readonly pids: readonly number[];
}

/** RoleWork is what PostgreSQL did for one role, as pg_stat_statements counts it. */
export interface RoleWork {
  readonly role: string;
  readonly calls: number;
  readonly execMs: number;
}

/** ServerLook is what everything has used until one moment; times are milliseconds. */
export interface ServerLook {
  readonly timeMs: number;
  readonly table: ProcessTable;
  /** Backends of PostgreSQL that serve probes. */
  readonly probeBackends: readonly number[];
  readonly roles: readonly RoleWork[];
}

/** serverParts finds the programs of a lab in which both arms serve. */
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

/** lookAtServer reads the processes and asks PostgreSQL; its own question costs some milliseconds, once between two looks. */
export async function lookAtServer(lab: RunningLab): Promise<ServerLook> {
  const [timeMs, table] = [performance.now(), readProcessTable()];
  return lab.withDatabase("postgres", async (client) => {
    const backends = await client.query<{ pid: number }>(BACKENDS);
    const roles = await client.query<RoleWork>(ROLES, [["odoo", PROBE_ROLE, INVARIANTS_ROLE]]);
    return { timeMs, table, probeBackends: backends.rows.map(({ pid }) => pid), roles: roles.rows };
  });
}

/** cpuMs is the CPU time of a program with all that it started. */
export function cpuMs(table: ProcessTable, { pids }: Pick<ServerPart, "pids">): number {
  return treeCpuMs(processTree(table, pids));
}

/** probeBackendsMs is the CPU time that the probes' backends used between two looks; one that came in between began at zero. */
export function probeBackendsMs(first: ServerLook, last: ServerLook): number {
  return last.probeBackends.reduce((sum, pid) => sum + ownMs(last, pid) - ownMs(first, pid), 0);
}

function ownMs({ table }: ServerLook, pid: number): number {
  return table.get(pid)?.ownMs ?? 0;
}
