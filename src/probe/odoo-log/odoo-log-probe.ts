import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target/target.ts";
import { tailLog } from "../../files/tail.ts";
import { parseLogEvent, parseOdooLogLine } from "../../odoo-log/log-line.ts";
import { requestReadings, retryReadings } from "../../odoo-log/log-readings.ts";
import { countLog } from "./log-counts.ts";

/** Most rounds of reading on stop; with 4 MiB a round this is far more than a load can write between two ticks. */
const STOP_ROUNDS = 16;

/** odooLogProbe follows the arms' Odoo logs from where they end when the load starts. */
export function odooLogProbe(target: Target, options: { everyMs: number }): Probe {
  const logs = logsOf(target).map((log) => ({ ...log, tail: tailLog(log.path) }));
  let counts = new Map<Arm, ReturnType<typeof countLog>>();

  async function read(): Promise<{ readings: readonly Reading[]; lines: number }> {
    const readings: Reading[] = [];
    let seen = 0;
    for (const { tail, arms } of logs) {
      const lines = await tail.lines();
      seen += lines.length;
      for (const line of lines) {
        const arm = armOfLine(line, arms);
        if (arm === null) continue;
        counts.get(arm)?.add(line);
        const request = parseOdooLogLine(line);
        readings.push(...(request === null ? retryReadings(line, arm) : requestReadings(request, arm)));
      }
    }
    const timeMs = Date.now();
    return { readings: [...readings, ...[...counts.values()].flatMap((count) => count.readings(timeMs))], lines: seen };
  }

  return {
    name: "odoo",
    everyMs: options.everyMs,
    async start() {
      const startMs = Date.now();
      for (const { tail } of logs) await tail.begin();
      counts = new Map(logs.flatMap(({ arms }) => arms.map(({ arm }) => [arm, countLog(arm)])));
      return [...counts.values()].flatMap((count) => count.readings(startMs));
    },
    sample: async () => (await read()).readings,
    async stop() {
      const readings: Reading[] = [];
      for (let round = 0; round < STOP_ROUNDS; round += 1) {
        const next = await read();
        readings.push(...next.readings);
        if (next.lines === 0) break;
      }
      return readings;
    },
  };
}

interface Log {
  readonly path: string;
  readonly arms: readonly { readonly arm: Arm; readonly database: string }[];
}

/** logsOf lists each log file once; two arms may write to the same one. */
function logsOf(target: Target): readonly Log[] {
  const logs = new Map<string, { arm: Arm; database: string }[]>();
  for (const arm of ARMS) {
    const endpoint = target.arms[arm];
    if (endpoint === undefined || endpoint.odooLog === null) continue;
    const { odooLog: path, database } = endpoint;
    logs.set(path, [...(logs.get(path) ?? []), { arm, database }]);
  }
  return [...logs].map(([path, arms]) => ({ path, arms }));
}

/** armOfLine needs the database only where both arms write to one file; lines without one (`?`) belong to nobody there. */
function armOfLine(line: string, arms: Log["arms"]): Arm | null {
  if (arms.length === 1) return arms[0]?.arm ?? null;
  const database = parseLogEvent(line)?.database ?? null;
  return arms.find((entry) => entry.database === database)?.arm ?? null;
}
