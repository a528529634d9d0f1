import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { seededRandom } from "../../src/statistics/random.ts";

/** Bursts and pauses, in milliseconds; on average the neighbour wants about half of the machine. */
const BURST = { shortest: 500, longest: 4000 } as const;

/**
 * A busy process ends by itself when its parent is gone: a bench that was killed leaves no load behind.
 */
const BUSY =
  "process.on('disconnect',()=>process.exit());const spin=()=>{const end=Date.now()+50;while(Date.now()<end);setImmediate(spin)};spin()";

/** startNoise is a noisy neighbour: bursts of one to `cores + 1` busy processes, until stopped. */
export function startNoise(seed: number): { stop(): void } {
  const random = seededRandom(seed);
  const busy = new Set<ChildProcess>();
  let timer: NodeJS.Timeout | undefined;
  const length = () => BURST.shortest + random() * (BURST.longest - BURST.shortest);
  const quiet = () => {
    for (const child of busy) child.kill("SIGKILL");
    busy.clear();
    timer = setTimeout(burst, length());
  };
  const burst = () => {
    const count = 1 + Math.floor(random() * (availableParallelism() + 1));
    for (let index = 0; index < count; index += 1) {
      busy.add(spawn(process.execPath, ["-e", BUSY], { stdio: ["ignore", "ignore", "ignore", "ipc"] }));
    }
    timer = setTimeout(quiet, length());
  };
  burst();
  return {
    stop() {
      clearTimeout(timer);
      for (const child of busy) child.kill("SIGKILL");
      busy.clear();
    },
  };
}
