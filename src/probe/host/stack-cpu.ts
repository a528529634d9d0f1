import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target/target.ts";
import { growth, observe } from "../sampling/readings.ts";
import { type ProcessStat, type ProcessTable, processTree, readMemoryLimit, readProcessIo, treeCpuMs } from "./proc.ts";

/** StackProcesses says which processes of this machine belong to the measurement, besides the arms' own. */
export interface StackProcesses {
  /** Id of the k6 process, null while there is none. */
  readonly loaderPid: () => number | null;
  /** Further processes of the stack under test by name, such as Redis and Traefik. */
  readonly otherPids: Readonly<Record<string, number>>;
}

/** Look is one look at the machine; backends without an arm belong to the server itself or to other databases. */
export interface Look {
  readonly timeMs: number;
  readonly table: ProcessTable;
  readonly backends: ReadonlyMap<number, Arm | null>;
  readonly busyMs: number;
}

/** stackCpu books CPU time of each part of the stack from zero at the first look; `foreign_cpu_ms` is what no part has used. */
export function stackCpu(target: Target, processes: StackProcesses): (look: Look) => readonly Reading[] {
  const books = { busy: growth(), known: growth(), loader: growth(), harness: growth() };
  const armBooks = { baseline: growth(), candidate: growth() };
  const armProcesses = {
    baseline: odooProcesses(target.arms.baseline?.odooPids ?? []),
    candidate: odooProcesses(target.arms.candidate?.odooPids ?? []),
  };
  const others = Object.entries(processes.otherPids).map(([name, pid]) => ({ name, pid, book: growth() }));
  const postgres = backendCpu();
  let foreignMs = 0;

  function armReadings({ timeMs, table, backends }: Look, arm: Arm): readonly Reading[] {
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

  return (look) => {
    const { timeMs, table, backends, busyMs } = look;
    const cpuOf = (pids: readonly number[]): number => treeCpuMs(processTree(table, pids));
    postgres.add(table, backends);
    const loader = processes.loaderPid();
    const loaderPids = loader === null ? [] : [loader];
    const odooPids = ARMS.flatMap((arm) => target.arms[arm]?.odooPids ?? []);
    const serverPids = [...others.map(({ pid }) => pid), ...postmasters(table, backends)];
    const known = cpuOf([process.pid, ...loaderPids, ...odooPids, ...serverPids]);
    // The kernel counts busy cores and busy processes by two clocks; their difference trembles, and a counter may not fall.
    foreignMs = Math.max(foreignMs, books.busy.next(busyMs) - books.known.next(known));
    const shared = {
      loader_cpu_ms: books.loader.next(cpuOf(loaderPids)),
      harness_cpu_ms: books.harness.next(table.get(process.pid)?.ownMs ?? 0),
      foreign_cpu_ms: foreignMs,
    };
    return [
      ...ARMS.filter((arm) => target.arms[arm] !== undefined).flatMap((arm) => armReadings(look, arm)),
      ...others.flatMap(({ name, pid, book }) =>
        observe({ timeMs, arm: null, probe: "host", labels: { process: name } }, { process_cpu_ms: book.next(cpuOf([pid])) }),
      ),
      ...observe({ timeMs, arm: null, probe: "host" }, shared),
    ];
  };
}

/** BackendCpu adds up the CPU time of each arm's database backends, which come and go, from zero at its first look. */
export interface BackendCpu {
  add(table: ProcessTable, backends: ReadonlyMap<number, Arm | null>): void;
  ms(arm: Arm): number;
}

/**
 * backendCpu books the growth of each backend since the look before. A backend first seen after the first look began in between,
 * so all of its time counts; what an ended backend did after the last look at it is lost (at most one tick's worth).
 */
export function backendCpu(): BackendCpu {
  const sums = new Map<Arm, number>();
  let last: ReadonlyMap<string, number> | null = null;
  return {
    add(table, backends) {
      const now = new Map<string, number>();
      for (const [pid, arm] of backends) {
        const process = table.get(pid);
        // The id may be that of a process of this machine while the server runs on another one.
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

/** OdooProcesses watches the processes of one arm's Odoo: its masters, its workers, and what they read and write. */
export type OdooProcesses = (tree: readonly ProcessStat[]) => Readonly<Record<string, number | null>>;

/** What may be asked of one process, null where it may not be looked at. */
interface ProcessFiles {
  /** Bytes of disk traffic. */
  readonly io: (pid: number) => number | null;
  /** Most virtual memory that it may have. */
  readonly memoryLimit: (pid: number) => number | null;
}

const PROC: ProcessFiles = { io: readProcessIo, memoryLimit: readMemoryLimit };

/**
 * odooProcesses counts from the first look: masters that still run, workers that were started since, and bytes of disk traffic
 * (null from the moment on at which none of the processes may be looked at). Of the workers it tells as well how many there are,
 * how large the largest is, and how large Odoo lets one grow: above its limits Odoo ends a worker, and with the hard one a request.
 *
 * A worker is a child of a master with the same program name that was seen twice: a report's wkhtmltopdf is not one, nor is the
 * moment at which it still bears its parent's name.
 */
export function odooProcesses(pids: readonly number[], files: Partial<ProcessFiles> = {}): OdooProcesses {
  const { io, memoryLimit } = { ...PROC, ...files };
  let masters: ReadonlyMap<number, string> | null = null;
  let before = new Set<string>();
  const workers = new Set<string>();
  let first: number | null = null;
  let traffic = new Map<string, number>();
  let bytes = 0;

  function addTraffic(tree: readonly ProcessStat[], atFirst: boolean): number | null {
    const now = new Map<string, number>();
    for (const process of tree) {
      const value = io(process.pid);
      if (value === null) continue;
      const key = identityOf(process);
      now.set(key, value);
      bytes += Math.max(0, value - (traffic.get(key) ?? (atFirst ? value : 0)));
    }
    traffic = now;
    return now.size === 0 ? null : bytes;
  }

  return (tree) => {
    const atFirst = masters === null;
    const roots = tree.filter(({ pid }) => pids.includes(pid));
    masters ??= new Map(roots.map((root) => [root.pid, identityOf(root)]));
    const alive = roots.filter((root) => masters?.get(root.pid) === identityOf(root));
    const children = tree.filter(({ parent, name }) => roots.some((root) => root.pid === parent && root.name === name));
    const seen = new Set(children.map((child) => identityOf(child)));
    for (const worker of seen) if (atFirst || before.has(worker)) workers.add(worker);
    const settled = children.filter((child) => workers.has(identityOf(child)));
    before = seen;
    first ??= workers.size;
    return {
      odoo_masters: alive.length,
      odoo_worker_starts: workers.size - first,
      odoo_workers: settled.length,
      odoo_largest_worker_bytes: settled.length === 0 ? null : Math.max(...settled.map(({ sizeBytes }) => sizeBytes)),
      odoo_memory_limit_bytes: settled[0] === undefined ? null : memoryLimit(settled[0].pid),
      odoo_io_bytes: addTraffic(tree, atFirst),
    };
  };
}

/** postmasters are the parents of the backends: their tree holds the server's writers and autovacuum workers as well. */
function postmasters(table: ProcessTable, backends: ReadonlyMap<number, Arm | null>): readonly number[] {
  const parents = [...backends.keys()].flatMap((pid) => {
    const backend = table.get(pid);
    return backend?.name.startsWith("postgres") === true ? [backend.parent] : [];
  });
  return [...new Set(parents)].filter((pid) => table.get(pid)?.name.startsWith("postgres") === true);
}

/** The kernel gives process ids out again; with its start time an id is unique. */
function identityOf({ pid, startTicks }: ProcessStat): string {
  return `${pid}@${startTicks}`;
}
