import type { Indicator, Margin } from "../../domain/judgement/indicator.ts";
import type { Service } from "../../domain/service.ts";
import { fewest, margins } from "./margins.ts";

interface BacklogGauge {
  readonly reading: string;
  /** Name within its service. */
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly service: Service;
  readonly margin: Margin;
}

const platform = { service: "platform" } as const;

const gauges: readonly BacklogGauge[] = [
  {
    ...platform,
    reading: "orders_waiting",
    id: "orders-waiting",
    label: "orders waiting",
    unit: "orders",
    margin: margins.backlog,
  },
  { ...platform, reading: "mails_waiting", id: "mails-waiting", label: "mails waiting", unit: "mails", margin: margins.backlog },
  { ...platform, reading: "jobs_waiting", id: "jobs-waiting", label: "jobs waiting", unit: "jobs", margin: margins.backlog },
  {
    reading: "pickings_waiting",
    id: "pickings-waiting",
    label: "pickings waiting",
    unit: "pickings",
    service: "warehouse",
    margin: margins.backlog,
  },
  {
    reading: "store_orders_waiting",
    id: "orders-waiting",
    label: "till orders that are not paid",
    unit: "orders",
    service: "store",
    margin: margins.backlog,
  },
  {
    ...platform,
    reading: "oldest_mail_s",
    id: "oldest-mail",
    label: "age of the oldest mail",
    unit: "s",
    margin: margins.waitingAge,
  },
  {
    ...platform,
    reading: "oldest_job_s",
    id: "oldest-job",
    label: "age of the oldest job",
    unit: "s",
    margin: margins.waitingAge,
  },
  {
    ...platform,
    reading: "cron_lateness_s",
    id: "cron-lateness",
    label: "lateness of scheduled jobs",
    unit: "s",
    margin: margins.waitingAge,
  },
  ...(["orders", "mails", "jobs"] as const).map((backlog) => ({
    ...platform,
    reading: `${backlog}_drain_minutes`,
    id: `${backlog}-drain-minutes`,
    label: `minutes until no ${backlog} wait`,
    unit: "min",
    margin: margins.drain,
  })),
  {
    reading: "pickings_drain_minutes",
    id: "pickings-drain-minutes",
    label: "minutes until no pickings wait",
    unit: "min",
    service: "warehouse",
    margin: margins.drain,
  },
];

/** BACKLOG_READINGS are the gauges that become indicators. */
export const BACKLOG_READINGS: readonly string[] = gauges.map(({ reading }) => reading);

/**
 * backlogIndicators tell what waits in Odoo while the load runs. They inform and never decide: a backlog follows from how the load
 * arrived as much as from the release, and one that is never worked off shows in the business rules after the load.
 */
export function backlogIndicators(readings: readonly string[]): Indicator[] {
  return gauges
    .filter(({ reading }) => readings.includes(reading))
    .map(({ reading, id, label, service, ...gauge }) => ({
      ...gauge,
      id: `${service}.${id}`,
      label: `${service === "platform" ? "all services" : service}: ${label}`,
      better: "lower",
      service,
      layer: "odoo",
      kind: "resource",
      gate: false,
      minimumCount: fewest.looks,
      source: { kind: "level", reading },
    }));
}
