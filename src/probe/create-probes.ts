import { ARMS } from "../domain/arm.ts";
import type { ProbeRecord } from "../domain/load/run.ts";
import type { Probe } from "../domain/reading.ts";
import type { Target } from "../domain/target/target.ts";
import { hostProbe } from "./host/host-probe.ts";
import type { StackProcesses } from "./host/stack-cpu.ts";
import { odooLogProbe } from "./odoo-log/odoo-log-probe.ts";
import { postgresProbe } from "./postgres/activity.ts";
import { backlogProbe } from "./postgres/backlog.ts";
import { postgresClusters } from "./postgres/connection.ts";
import { serverProbe } from "./postgres/server.ts";
import { statementsProbe } from "./postgres/statements.ts";
import { redisProbe } from "./redis/redis-probe.ts";
import { accessLogProbe } from "./traefik/access-log-probe.ts";
import { traefikProbe } from "./traefik/traefik-probe.ts";

export interface ProbeOptions extends StackProcesses {
  /** Period of the fast probes. */
  readonly everyMs?: number;
  /** Period of the sums over pg_stat_statements, which cost the server more. */
  readonly statementsEveryMs?: number;
  /** Period of slowly changing values: backlogs in Odoo's tables, replication and I/O of the server. */
  readonly slowEveryMs?: number;
}

/** ProbeSet holds the probes of the endpoints that a target has, and a record for each missing endpoint. */
export interface ProbeSet {
  readonly probes: readonly Probe[];
  readonly missing: readonly ProbeRecord[];
}

export function createProbes(target: Target, options: ProbeOptions): ProbeSet {
  const { everyMs = 1_000, statementsEveryMs = 2_000, slowEveryMs = 5_000 } = options;
  const clusters = postgresClusters(target);
  const missing: ProbeRecord[] = [];
  const probes: Probe[] = [
    ...clusters.map((cluster) => postgresProbe(cluster, { everyMs })),
    ...clusters.map((cluster) => statementsProbe(cluster, { everyMs: statementsEveryMs })),
    ...clusters.map((cluster) => serverProbe(cluster, { everyMs: slowEveryMs })),
  ];

  if (target.redisUrl === null) missing.push(notConfigured("redis", "the target has no Redis URL"));
  else probes.push(redisProbe(target.redisUrl, { everyMs }));
  if (target.traefikMetricsUrl === null) missing.push(notConfigured("traefik", "the target has no Traefik metrics URL"));
  else probes.push(traefikProbe(target, target.traefikMetricsUrl, { everyMs }));

  const accessLog = target.traefikAccessLog ?? null;
  if (accessLog !== null) probes.push(accessLogProbe(target, accessLog, { everyMs }));

  if (ARMS.some((arm) => (target.arms[arm]?.odooLog ?? null) !== null)) probes.push(odooLogProbe(target, { everyMs }));
  probes.push(hostProbe(target, clusters, { ...options, everyMs }));

  for (const arm of ARMS) {
    const endpoint = target.arms[arm];
    if (endpoint === undefined) continue;
    if (endpoint.probeDsn === null) missing.push(notConfigured(`postgres-${arm}`, "no PostgreSQL connection of the probe role"));
    if (endpoint.invariantsDsn === null)
      missing.push(notConfigured(`backlog-${arm}`, "no PostgreSQL connection of the invariants role"));
    else probes.push(backlogProbe(arm, endpoint.invariantsDsn, { everyMs: slowEveryMs }));
    if (endpoint.odooLog === null) missing.push(notConfigured(`odoo-${arm}`, "no path of the Odoo log"));
  }
  return { probes, missing };
}

function notConfigured(name: string, what: string): ProbeRecord {
  return { name, state: "not-configured", readings: 0, failures: 0, lastFailure: `not configured: ${what}` };
}
