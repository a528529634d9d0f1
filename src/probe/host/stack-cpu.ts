import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target/target.ts";
import { growth } from "../growth.ts";
import { observe } from "../observe.ts";
import { backendCpu } from "./backend-cpu.ts";
import { odooProcesses } from "./odoo-processes.ts";
import type { ProcessTable } from "./process-table.ts";
import { processTree, treeCpuMs } from "./process-tree.ts";

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

/** postmasters are the parents of the backends: their tree holds the server's writers and autovacuum workers as well. */
function postmasters(table: ProcessTable, backends: ReadonlyMap<number, Arm | null>): readonly number[] {
  const parents = [...backends.keys()].flatMap((pid) => {
    const backend = table.get(pid);
    return backend?.name.startsWith("postgres") === true ? [backend.parent] : [];
  });
  return [...new Set(parents)].filter((pid) => table.get(pid)?.name.startsWith("postgres") === true);
}
