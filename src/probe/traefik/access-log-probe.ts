import type { Probe, Reading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target/target.ts";
import { tailLog } from "../../files/tail.ts";
import { countAccessLog } from "./access-log-counts.ts";
import { traefikServices } from "./traefik-probe.ts";

/** Most rounds of reading on stop; with 4 MiB a round this is far more than a load can write between two ticks. */
const STOP_ROUNDS = 16;

/** accessLogProbe follows Traefik's access log from where it ends when the load starts: it alone tells who made a failure. */
export function accessLogProbe(target: Target, path: string, options: { everyMs: number }): Probe {
  const tail = tailLog(path);
  let counts = countAccessLog(traefikServices(target));

  async function read(): Promise<number> {
    const lines = await tail.lines();
    for (const line of lines) counts.add(line);
    return lines.length;
  }

  return {
    name: "traefik-access-log",
    everyMs: options.everyMs,
    async start(): Promise<readonly Reading[]> {
      await tail.begin();
      counts = countAccessLog(traefikServices(target));
      return counts.readings(Date.now());
    },
    async sample() {
      await read();
      return counts.readings(Date.now());
    },
    async stop() {
      for (let round = 0; round < STOP_ROUNDS; round += 1) if ((await read()) === 0) break;
      return counts.readings(Date.now());
    },
  };
}
