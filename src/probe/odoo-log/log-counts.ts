import type { Arm } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";
import { parseLogEvent, type Signal, signalOf, SIGNALS } from "../../odoo-log/log-line.ts";
import { fromZero } from "../from-zero.ts";
import { observe } from "../observe.ts";
import { countCronJobs } from "./cron-jobs.ts";

/** Levels that are counted by logger; the many INFO lines say nothing by their number. */
const COUNTED = new Set(["WARNING", "ERROR", "CRITICAL"]);

/** LogCounts counts the lines of one arm's log that are no requests, from zero at the start of the load. */
export interface LogCounts {
  add(line: string): void;
  readings(timeMs: number): readonly Reading[];
}

export function countLog(arm: Arm): LogCounts {
  const signals = new Map<Signal, number>(SIGNALS.map((signal) => [signal, 0]));
  const lines = new Map<string, { labels: { level: string; logger: string }; count: number }>();
  const cron = countCronJobs();
  const complete = fromZero();

  return {
    add(line) {
      const event = parseLogEvent(line);
      if (event === null) return;
      cron.add(event);
      const signal = signalOf(event);
      if (signal !== null) signals.set(signal, (signals.get(signal) ?? 0) + 1);
      if (!COUNTED.has(event.level)) return;
      const { level, logger } = event;
      const key = `${level} ${logger}`;
      const entry = lines.get(key) ?? { labels: { level, logger }, count: 0 };
      entry.count += 1;
      lines.set(key, entry);
    },
    readings(timeMs) {
      const counted = [...lines.values()].flatMap(({ labels, count }) =>
        observe({ timeMs, arm, probe: "odoo", labels }, { log_lines: count }),
      );
      return complete([
        ...observe({ timeMs, arm, probe: "odoo" }, { ...Object.fromEntries(signals), ...cron.readings(timeMs) }),
        ...counted,
      ]);
    },
  };
}
