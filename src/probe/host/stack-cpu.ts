import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target/target.ts";
import { growth, observe } from "../sampling/readings.ts";
import { type ProcessStat, type ProcessTable, processTree, readMemoryLimit, readProcessIo, treeCpuMs } from "./proc.ts";

/** StackProcesses names the processes of this machine that belong to the measurement, besides the arms' own. */
export interface StackProcesses {
  /** Pid of the k6 process, null while k6 does not run. */
  readonly loaderPid: () => number | null;
  /** Other processes of the stack under test by name, such as Redis and Traefik. */
  readonly otherPids: Readonly<Record<string, number>>;
}

/** HostState is one reading of the machine. Backends with arm null belong to the server itself or to other databases. */
export interface HostState {
  readonly timeMs: number;
  readonly table: ProcessTable;
  readonly backends: ReadonlyMap<number, Arm | null>;
  readonly busyMs: number;
}

/**
 * stackCpu counts the CPU time of each part of the stack, from zero at the first reading. `foreign_cpu_ms` is the time that no
 * part has used.
 */
export function stackCpu(target: Target, processes: StackProcesses): (state: HostState) => readonly Reading[] {
  const books = { busy: growth(), known: growth(), loader: growth(), harness: growth() };
  const armBooks = { baseline: growth(), candidate: growth() };
  const armProcesses = {
    baseline: odooProcesses(target.arms.baseline?.odooPids ?? []),
    candidate: odooProcesses(target.arms.candidate?.odooPids ?? []),
  };
  const others = Object.entries(processes.otherPids).map(([name, pid]) => ({ name, pid, book: growth() }));
  const postgres = backendCpu();
  let foreignMs = 0;

  function armReadings({ timeMs, table, backends }: HostState, arm: Arm): readonly Reading[] {
    const pids = target.arms[arm]?.odooPids ?? [];
    const tree = processTree(table, pids);
    const odoo = {
      ...armProcesses[arm](tree),
      odoo_cpu_ms: armBooks[arm].next(treeCpuMs(tree)),
      odoo_processes: tree.length,
      odoo_rss_pages: tree.reduce((sum, { rssPages }) => sum + rssPages, 0),
    };
    const values = { ...(pids.length === 0 ? {} : odoo), ...(backends.size === 0 ? {} : { postgres_cpu_ms: postgres.ms(arm) }) };
    return observe({ timeMs, arm, probe: "host" }, values);
  }

  return (state) => {
    const { timeMs, table, backends, busyMs } = state;
    const cpuOf = (pids: readonly number[]): number => treeCpuMs(processTree(table, pids));
    postgres.add(table, backends);
    const loader = processes.loaderPid();
    const loaderPids = loader === null ? [] : [loader];
    const odooPids = ARMS.flatMap((arm) => target.arms[arm]?.odooPids ?? []);
    const serverPids = [...others.map(({ pid }) => pid), ...postmasters(table, backends)];
    const known = cpuOf([process.pid, ...loaderPids, ...odooPids, ...serverPids]);
    // The kernel counts busy cores and busy processes with two clocks, so their difference fluctuates. A counter may not fall.
    foreignMs = Math.max(foreignMs, books.busy.next(busyMs) - books.known.next(known));
    const shared = {
      loader_cpu_ms: books.loader.next(cpuOf(loaderPids)),
      harness_cpu_ms: books.harness.next(table.get(process.pid)?.ownMs ?? 0),
      foreign_cpu_ms: foreignMs,
    };
    return [
      ...ARMS.filter((arm) => target.arms[arm] !== undefined).flatMap((arm) => armReadings(state, arm)),
      ...others.flatMap(({ name, pid, book }) =>
        observe({ timeMs, arm: null, probe: "host", labels: { process: name } }, { process_cpu_ms: book.next(cpuOf([pid])) }),
      ),
      ...observe({ timeMs, arm: null, probe: "host" }, shared),
    ];
  };
}

/** BackendCpu sums the CPU time of each arm's database backends, which start and end, from zero at the first reading. */
export interface BackendCpu {
  add(table: ProcessTable, backends: ReadonlyMap<number, Arm | null>): void;
  ms(arm: Arm): number;
}

/**
 * backendCpu adds the growth of each backend since the previous reading. A backend that first appears after the first reading
 * started in between, so all of its time counts. The time of an ended backend after its last reading is lost (at most one tick).
 */
export function backendCpu(): BackendCpu {
  const sums = new Map<Arm, number>();
  let last: ReadonlyMap<string, number> | null = null;
  return {
    add(table, backends) {
      const now = new Map<string, number>();
      for (const [pid, arm] of backends) {
        const process = table.get(pid);
        // Where the server runs on another machine, the pid may be that of some process of this machine.
        if (arm === null || process === undefined || !process.name.startsWith("postgres")) continue;
        const key = `${pid}@${process.startTicks}`;
        now.set(key, process.ownMs);
        const before = last === null ? process.ownMs : (last.get(key) ?? 0);
        sums.set(arm, (sums.get(arm) ?? 0) + process.ownMs - before);
      }
      last = now;
    },
    ms: (arm) => sums.get(arm) ?? 0,
  };
}

/** OdooProcesses returns readings of the processes of one arm's Odoo: masters, workers and disk traffic. */
export type OdooProcesses = (tree: readonly ProcessStat[]) => Readonly<Record<string, number | null>>;

/** ProcessFiles reads values of one process, null where they may not be read. */
interface ProcessFiles {
  /** Bytes of disk traffic. */
  readonly io: (pid: number) => number | null;
  /** Limit of virtual memory in bytes. */
  readonly memoryLimit: (pid: number) => number | null;
}

const PROC: ProcessFiles = { io: readProcessIo, memoryLimit: readMemoryLimit };

/**
 * odooProcesses counts since the first reading: masters that still run, workers that were started, and bytes of disk traffic
 * (null from the moment on when none of the processes can be read). It also returns the number of workers, the size of the
 * largest worker, and Odoo's memory limit. Above the soft limit Odoo ends a worker, above the hard limit also its request.
 *
 * A worker is a child of a master with the same program name that was seen in two readings. A wkhtmltopdf of a report is
 * therefore not a worker, not even while it still has its parent's name.
 */
export function odooProcesses(pids: readonly number[], files: Partial<ProcessFiles> = {}): OdooProcesses {
  const { io, memoryLimit } = { ...PROC, ...files };
  let masters: ReadonlyMap<number, string> | null = null;
  let before = new Set<string>();
  const workers = new Set<string>();
  let first: number | null = null;
  let traffic = new Map<string, number>();
  let bytes = 0;

  function addTraffic(tree: readonly ProcessStat[], isFirst: boolean): number | null {
    const now = new Map<string, number>();
    for (const process of tree) {
      const value = io(process.pid);
      if (value === null) continue;
      const key = identityOf(process);
      now.set(key, value);
      bytes += Math.max(0, value - (traffic.get(key) ?? (isFirst ? value : 0)));
    }
    traffic = now;
    return now.size === 0 ? null : bytes;
  }

  return (tree) => {
    const isFirst = masters === null;
    const roots = tree.filter(({ pid }) => pids.includes(pid));
    masters ??= new Map(roots.map((root) => [root.pid, identityOf(root)]));
    const alive = roots.filter((root) => masters?.get(root.pid) === identityOf(root));
    const children = tree.filter(({ parent, name }) => roots.some((root) => root.pid === parent && root.name === name));
    const seen = new Set(children.map((child) => identityOf(child)));
    for (const worker of seen) if (isFirst || before.has(worker)) workers.add(worker);
    const settled = children.filter((child) => workers.has(identityOf(child)));
    before = seen;
    first ??= workers.size;
    return {
      odoo_masters: alive.length,
      odoo_worker_starts: workers.size - first,
      odoo_workers: settled.length,
      odoo_largest_worker_bytes: settled.length === 0 ? null : Math.max(...settled.map(({ sizeBytes }) => sizeBytes)),
      odoo_memory_limit_bytes: settled[0] === undefined ? null : memoryLimit(settled[0].pid),
      odoo_io_bytes: addTraffic(tree, isFirst),
    };
  };
}

/** postmasters returns the parents of the backends. Their trees also include the server's writers and autovacuum workers. */
function postmasters(table: ProcessTable, backends: ReadonlyMap<number, Arm | null>): readonly number[] {
  const parents = [...backends.keys()].flatMap((pid) => {
    const backend = table.get(pid);
    return backend?.name.startsWith("postgres") === true ? [backend.parent] : [];
  });
  return [...new Set(parents)].filter((pid) => table.get(pid)?.name.startsWith("postgres") === true);
}

/** The kernel reuses pids. A pid with its start time is unique. */
function identityOf({ pid, startTicks }: ProcessStat): string {
  return `${pid}@${startTicks}`;
}
