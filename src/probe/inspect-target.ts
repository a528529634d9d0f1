import { ARMS } from "../domain/arm.ts";
import { HarnessError } from "../domain/error.ts";
import type { Finding } from "../domain/target/finding.ts";
import type { Target } from "../domain/target/target.ts";
import { inspectHost } from "./host/host-probe.ts";
import { inspectOdooLog } from "./odoo-log/odoo-log-probe.ts";
import { inspectPostgres } from "./postgres/inspect-postgres.ts";
import { inspectReads } from "./postgres/inspect-reads.ts";
import { inspectRedis } from "./redis/redis-probe.ts";
import { inspectAccessLog, inspectTraefik } from "./traefik/traefik-probe.ts";

/** inspectTarget checks whether every configured endpoint of the probes can be read. It changes nothing. */
export async function inspectTarget(target: Target): Promise<readonly Finding[]> {
  const findings: Finding[] = [...inspectHost(target)];
  for (const arm of ARMS) {
    const endpoint = target.arms[arm];
    if (endpoint === undefined) continue;
    const { probeDsn: dsn, invariantsDsn, database, odooLog } = endpoint;
    if (dsn !== null) findings.push(...(await inspectPostgres(arm, { dsn, database })));
    if (invariantsDsn !== null) findings.push(...(await inspectReads(arm, invariantsDsn)));
    if (odooLog !== null) findings.push(...(await inspectOdooLog(arm, odooLog)));
  }
  if (target.redisUrl !== null) findings.push(...(await inspectRedis(target.redisUrl)));
  if (target.traefikMetricsUrl !== null) findings.push(...(await inspectTraefik(target, target.traefikMetricsUrl)));
  const accessLog = target.traefikAccessLog ?? null;
  if (accessLog !== null) findings.push(...(await inspectAccessLog(accessLog)));
  return findings;
}

/** checkTarget throws, before any load, where a needed part of the target cannot be read. */
export async function checkTarget(target: Target): Promise<void> {
  const blocked = (await inspectTarget(target)).find(({ ok, needed }) => !ok && needed);
  if (blocked !== undefined) throw new HarnessError("cannot-measure", blocked.text, { hint: blocked.remedy });
}
