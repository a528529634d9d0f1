import type { Arm } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";
import { observe } from "../observe.ts";
import type { SessionsRow } from "./sql/sessions.ts";

/** States and waits that are told even when nobody is in them: an absent line would look like a gap. */
const STATES = ["active", "idle", "idle in transaction", "idle in transaction (aborted)"];
const WAITS = ["none", "Lock", "LWLock", "IO", "IPC", "Client", "BufferPin", "Timeout"];

/** sessionReadings counts sessions by state, what the active ones wait for, and how many wait for another's lock. */
export function sessionReadings(
  rows: readonly SessionsRow[],
  arms: ReadonlyMap<string, Arm>,
  timeMs: number,
): readonly Reading[] {
  return [...arms].flatMap(([database, arm]) => {
    const own = rows.filter((row) => row.database === database);
    const active = own.filter((row) => row.state === "active");
    const states = STATES.map((state) => [`sessions_${word(state)}`, count(own.filter((row) => row.state === state))]);
    return [
      ...observe(
        { timeMs, arm, probe: "postgres" },
        {
          ...Object.fromEntries(states),
          sessions: count(own),
          locks_waiting: own.reduce((sum, row) => sum + row.blocked, 0),
          oldest_transaction_ms: Math.max(0, ...own.map((row) => row.oldest_transaction_ms)),
        },
      ),
      ...WAITS.flatMap((type) => {
        const waiting = active.filter((row) => (row.wait_type ?? "none") === type);
        return observe({ timeMs, arm, probe: "postgres", labels: { type } }, { waits: count(waiting) });
      }),
    ];
  });
}

function count(rows: readonly SessionsRow[]): number {
  return rows.reduce((sum, row) => sum + row.sessions, 0);
}

function word(state: string): string {
  return state.replaceAll(/[^a-z]+/g, "_").replace(/_$/, "");
}
