import { spawn } from "node:child_process";

import { ADDON_FAULTS, CRON_OVERLAP, FEWER_WORKERS } from "./addon-faults.ts";
import { DATABASE_FAULTS } from "./database-faults.ts";
import { type LabFault, notInEffect } from "./fault.ts";
import { INGRESS_FAULTS } from "./ingress-faults.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { CONNECTION_EXHAUSTION, IDLE_TRANSACTION, SESSION_FAULTS } from "./session-faults.ts";

/**
 * Length of bursts and of pauses, in milliseconds. With one process more than there are cores, the neighbour uses about half of
 * the machine on average.
 */
const BURST = { shortest: 500, longest: 4000 } as const;

/** A busy process ends when its standard input closes. A killed program therefore leaves no busy process behind. */
const BUSY =
  "process.stdin.resume().on('end',()=>process.exit()).on('error',()=>process.exit());" +
  "const spin=()=>{const end=Date.now()+50;while(Date.now()<end);setImmediate(spin)};spin()";

/**
 * The shell exits at once, so the busy process is not a child of this process. Children of this process do not count as foreign
 * load.
 */
const ORPHAN = '"$1" -e "$2" <&3 3<&- &';

/** HostNoise is a running noisy neighbour: processes that compete for the CPU. */
export interface HostNoise {
  /** Number of busy processes that were started. */
  started(): number;
  /** Ends all busy processes and returns when they are gone. */
  stop(): Promise<void>;
}

/** startHostNoise runs bursts of one to `most` busy processes until it is stopped. */
export function startHostNoise({ random, most }: { random: () => number; most: number }): HostNoise {
  let busy: BusyProcess[] = [];
  let started = 0;
  let timer: NodeJS.Timeout | undefined;
  const length = () => BURST.shortest + random() * (BURST.longest - BURST.shortest);
  const end = async () => {
    const ended = busy.map((process) => process.end());
    busy = [];
    await Promise.all(ended);
  };
  const quiet = () => {
    void end();
    timer = setTimeout(burst, length());
  };
  const burst = () => {
    const count = 1 + Math.floor(random() * most);
    busy = Array.from({ length: count }, () => startBusyProcess());
    started += count;
    timer = setTimeout(quiet, length());
  };
  burst();
  return {
    started: () => started,
    async stop() {
      clearTimeout(timer);
      await end();
    },
  };
}

interface BusyProcess {
  end(): Promise<void>;
}

function startBusyProcess(): BusyProcess {
  const child = spawn("/bin/sh", ["-c", ORPHAN, "sh", process.execPath, BUSY], { stdio: ["ignore", "pipe", "ignore", "pipe"] });
  // The shell's streams close when the busy process ends, although the shell exited long before.
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdout?.resume();
  return {
    end: () => {
      child.stdio[3]?.destroy();
      return ended;
    },
  };
}

const hostNoise: LabFault = {
  id: "host-noise",
  title: "A noisy neighbour on the machine, no fault in the release",
  layer: null,
  place: "the whole machine, both arms equally, during the load",
  unit: "busy processes at most",
  sizes: { small: 1, medium: 3, large: 6 },
  async inject({ random }, amount) {
    const noise = startHostNoise({ random, most: amount });
    await noise.stop();
    if (noise.started() === 0) throw notInEffect("no busy process was started");
    return `${noise.started()} busy processes were started and ended`;
  },
  disturb: async ({ random }, amount) => startHostNoise({ random, most: amount }),
};

const nothing: LabFault = {
  id: "nothing",
  title: "No fault",
  layer: null,
  place: "neither arm",
  unit: "",
  sizes: null,
  inject: async () => "both arms have the same code, settings and data",
};

/** CONTROLS are cases without a fault in the release: the judge must not return FAIL for them. */
const CONTROLS: readonly LabFault[] = [hostNoise, nothing];

/** FAULTS is the catalogue of the drill, ordered by layer. The controls come last. */
export const FAULTS: readonly LabFault[] = [
  ...ADDON_FAULTS,
  FEWER_WORKERS,
  CRON_OVERLAP,
  ...SESSION_FAULTS,
  ...DATABASE_FAULTS,
  IDLE_TRANSACTION,
  CONNECTION_EXHAUSTION,
  ...REDIS_FAULTS,
  ...INGRESS_FAULTS,
  ...CONTROLS,
];
