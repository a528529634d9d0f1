import type { BacklogQuantity, Indicator, Margin } from "../../domain/judgement/indicator.ts";
import type { Service } from "../../domain/service.ts";
import { fewest, margins } from "./margins.ts";

interface BacklogGauge {
  readonly reading: string;
  /** Last word of the indicator id; the first word is the service. */
  readonly id: string;
  readonly quantity: BacklogQuantity;
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
    quantity: "orders-waiting",
    label: "orders waiting",
    unit: "orders",
    margin: margins.backlog,
  },
  ...(["mails", "jobs"] as const).map((unit) => ({
    ...platform,
    reading: `${unit}_waiting`,
    id: `${unit}-waiting`,
    quantity: `${unit}-waiting` as const,
    label: `${unit} waiting`,
    unit,
    margin: margins.backlog,
  })),
  {
    reading: "pickings_waiting",
    id: "pickings-waiting",
    quantity: "pickings-waiting",
    label: "pickings waiting",
    unit: "pickings",
    service: "warehouse",
    margin: margins.backlog,
  },
  {
    reading: "store_orders_waiting",
    id: "orders-waiting",
    quantity: "till-orders-waiting",
    label: "till orders that are not paid",
    unit: "orders",
    service: "store",
    margin: margins.backlog,
  },
  {
    ...platform,
    reading: "oldest_mail_s",
    id: "oldest-mail",
    quantity: "oldest-mail",
    label: "age of the oldest mail",
    unit: "s",
    margin: margins.waitingAge,
  },
  {
    ...platform,
    reading: "oldest_job_s",
    id: "oldest-job",
    quantity: "oldest-job",
    label: "age of the oldest job",
    unit: "s",
    margin: margins.waitingAge,
  },
  {
    ...platform,
    reading: "cron_lateness_s",
    id: "cron-lateness",
    quantity: "cron-lateness",
    label: "lateness of scheduled jobs",
    unit: "s",
    margin: margins.waitingAge,
  },
  ...(["orders", "mails", "jobs"] as const).map((backlog) => ({
    ...platform,
    reading: `${backlog}_drain_minutes`,
    id: `${backlog}-drain-minutes`,
    quantity: `${backlog}-drain` as const,
    label: `minutes until no ${backlog} wait`,
    unit: "min",
    margin: margins.drain,
  })),
  {
    reading: "pickings_drain_minutes",
    id: "pickings-drain-minutes",
    quantity: "pickings-drain",
    label: "minutes until no pickings wait",
    unit: "min",
    service: "warehouse",
    margin: margins.drain,
  },
];

/** BACKLOG_READINGS are the names of the gauges that become indicators. */
export const BACKLOG_READINGS: readonly string[] = gauges.map(({ reading }) => reading);

/**
 * backlogIndicators are the indicators of what waits in Odoo during the load. They inform and never gate: a backlog depends on the
 * arrivals of the load as much as on the release, and the business rules find a backlog that remains after the load.
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
      minimumCount: fewest.readings,
      source: { kind: "level", reading },
    }));
}
