import { readMemoryLimit } from "./memory-limit.ts";
import type { ProcessStat } from "./proc-stat.ts";
import { readProcessIo } from "./process-io.ts";

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

/** The kernel gives process ids out again; with its start time an id is unique. */
function identityOf({ pid, startTicks }: ProcessStat): string {
  return `${pid}@${startTicks}`;
}
