import { ROUTE_STEPS } from "../../domain/route-step.ts";
import type { Database } from "../files/database.ts";
import { sqlText } from "../files/database.ts";

/** isRequestReading tells readings of single requests from counters: each stands for itself. */
export function isRequestReading(reading: string): boolean {
  return reading.startsWith("request_") && !reading.startsWith("request_duration_");
}

/**
 * loadRequests makes the table `requests(id, run, side, name, value, start_ms, at_ms, method, route, status, worker, step, scenario)`,
 * one row for each reading of a request in Odoo's log. `at` is when it ended; it began as much earlier as it was busy.
 */
export async function loadRequests(database: Database): Promise<void> {
  await loadRoutes(database);
  const busyMs = "sum(value) filter (name in ('request_sql_ms', 'request_python_ms')) over request";
  await database.run(`create or replace temp table requests as
    with logged as (
      select run, side, name, value, at_ms, labels['method'] as method, labels['route'] as route, labels['status'] as status,
        labels['worker'] as worker
      from readings where side is not null and probe = 'odoo' and name like 'request\\_%' escape '\\')
    select row_number() over (order by run, side, at_ms, name, worker, l.method, l.route, status, value) as id, l.*, t.step, t.scenario,
      at_ms - greatest(1, coalesce(${busyMs}, 0) / greatest(1, count(*) filter (name = 'request_python_ms') over request)) as start_ms
    from logged l left join routes t on t.method = l.method and t.route = l.route
    window request as (partition by run, side, at_ms, worker, l.method, l.route, status)`);
}

async function loadRoutes(database: Database): Promise<void> {
  await database.run(`create or replace temp table routes (method VARCHAR, route VARCHAR, step VARCHAR, scenario VARCHAR)`);
  const rows = ROUTE_STEPS.map(({ method, route, step, scenario }) => {
    const cells = [method, route, step, scenario].map((cell) => (cell === null ? "null" : sqlText(cell)));
    return `(${cells.join(", ")})`;
  });
  if (rows.length > 0) await database.run(`insert into routes values ${rows.join(", ")}`);
}
