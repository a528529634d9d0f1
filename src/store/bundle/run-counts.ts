import { readFile } from "node:fs/promises";

import { z } from "zod";

import type { RunCounts } from "../../domain/run.ts";
import type { Database } from "../files/database.ts";
import { number } from "../files/database.ts";

/** `--summary-export` writes `{ count }`, `handleSummary` writes `{ values: { count } }`. */
const counter = z.union([
  z.object({ count: z.number() }).transform(({ count }) => count),
  z.object({ values: z.object({ count: z.number() }) }).transform(({ values }) => values.count),
]);

const k6Summary = z.object({
  metrics: z.object({
    iterations: counter.optional(),
    http_reqs: counter.optional(),
    dropped_iterations: counter.optional(),
  }),
});

/** readK6Summary reads what k6 itself counted; null where it wrote no summary, as when it was killed. */
export async function readK6Summary(path: string): Promise<RunCounts["summary"]> {
  const raw = await readFile(path, "utf8").catch(() => null);
  if (raw === null) return null;
  const summary = k6Summary.safeParse(jsonOrNull(raw));
  if (!summary.success) return null;
  const { iterations, http_reqs: requests, dropped_iterations: dropped } = summary.data.metrics;
  return { iterations: iterations ?? 0, httpRequests: requests ?? 0, dropped: dropped ?? 0 };
}

/** countSamples counts what is in the tables of samples and readings. */
export async function countSamples(
  database: Database,
  options: { samples: string; readings: string },
): Promise<Omit<RunCounts, "summary">> {
  const total = (metric: string) => `coalesce(sum(value) filter (metric = '${metric}'), 0)::DOUBLE`;
  const [samples] = await database.rows(
    `select count(*)::DOUBLE as samples, ${total("iterations")} as iterations, ${total("http_reqs")} as "httpRequests",
      ${total("dropped_iterations")} as dropped from ${options.samples}`,
    { samples: number, iterations: number, httpRequests: number, dropped: number },
  );
  const none = { samples: 0, iterations: 0, httpRequests: 0, dropped: 0 };
  return { ...(samples ?? none), readings: await countReadings(database, options.readings) };
}

export async function countReadings(database: Database, relation: string): Promise<number> {
  const [row] = await database.rows(`select count(*)::DOUBLE as readings from ${relation}`, { readings: number });
  return row?.readings ?? 0;
}

function jsonOrNull(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}
