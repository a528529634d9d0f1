import { spawn } from "node:child_process";

import { ADDON_FAULTS, CRON_OVERLAP, FEWER_WORKERS } from "./addon-faults.ts";
import { DATABASE_FAULTS } from "./database-faults.ts";
import { type LabFault, notInEffect } from "./fault.ts";
import { INGRESS_FAULTS } from "./ingress-faults.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { CONNECTION_EXHAUSTION, IDLE_TRANSACTION, SESSION_FAULTS } from "./session-faults.ts";

/** Bursts and pauses, in milliseconds; with one process more than cores the neighbour wants about half of the machine on average. */
const BURST = { shortest: 500, longest: 4000 } as const;

/** A busy process ends when its input does, so a program that was killed leaves no load behind. */
const BUSY =
  "process.stdin.resume().on('end',()=>process.exit()).on('error',()=>process.exit());" +
  "const spin=()=>{const end=Date.now()+50;while(Date.now()<end);setImmediate(spin)};spin()";

/** The shell goes at once, which makes the busy process nobody's child: one of ours would not count as a neighbour. */
const ORPHAN = '"$1" -e "$2" <&3 3<&- &';

/** HostNoise is a noisy neighbour that runs. */
export interface HostNoise {
  /** Busy processes so far. */
  started(): number;
  /** Ends them all, and returns once they are gone. */
  stop(): Promise<void>;
}

/** startHostNoise starts a noisy neighbour: bursts of one to `most` busy processes, until it is stopped. */
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
  // The shell's streams close when the busy process ends, though the shell has long gone.
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
  title: "A noisy neighbour on the machine, and nothing else",
  layer: null,
  place: "the whole machine, both arms alike, while the load runs",
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
  title: "Nothing at all",
  layer: null,
  place: "neither arm",
  unit: "",
  sizes: null,
  inject: async () => "both arms have the same code, settings and data",
};

/** CONTROLS must not fail a release. */
const CONTROLS: readonly LabFault[] = [hostNoise, nothing];

/** FAULTS is the catalogue of the drill, layer by layer; the controls come last. */
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
