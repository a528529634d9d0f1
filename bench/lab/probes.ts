/**
 * npm run bench:probes -- [--seconds 60]: the cost of the probes on the server. It runs one campaign of release 1.0 against
 * itself on the native lab with the default workload and probes, and reads the CPU time that was used for the probes from the
 * processes. Writes bench/results/probes.md. The exit code is 1 where the probes used more than a hundredth.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import type { Probe } from "../../src/domain/reading.ts";
import { redisUrl } from "../../src/lab/services/redis.ts";
import { openRunningLab, type RunningLab } from "../../src/lab/services/running-lab.ts";
import { readProcessTable } from "../../src/probe/host/proc.ts";
import { redisProbe } from "../../src/probe/redis/redis-probe.ts";
import { traefikProbe } from "../../src/probe/traefik/traefik-probe.ts";
import { judgeOnLab, root, stopLab } from "./judge-on-lab.ts";
import { cpuMs, readServerUsage, probeBackendsMs, type ServerUsage, type ServerPart, serverParts } from "./server-usage.ts";

/** Largest allowed share of the server's CPU time for its probes. */
const LIMIT = 0.01;
/** The default warm-up, plus some seconds until the last worker is warm. */
const WARM_MS = 20_000;
/** Number of readings that measure the cost of one. Many are needed, because the kernel counts CPU time in steps of 10 ms. */
const READINGS = 400;

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
const windowMs = Number(values.seconds) * 1000;
const folder = mkdtempSync(join(tmpdir(), "peakproof-probes-"));
const options = { projectDir: root, signal: new AbortController().signal, progress: { stage() {}, update() {}, note() {} } };

try {
  const { parts, first, last, harnessPid } = await loadAndRead();
  const lab = await openRunningLab(options);
  const redis = await readingCostMs(partOf(parts, "Redis"), redisProbe(redisUrl(lab.state.ports.redis), { everyMs: 1000 }));
  const metrics = `http://127.0.0.1:${lab.state.ports.metrics}/metrics`;
  const target = { name: "lab", arms: {}, redisUrl: null, traefikMetricsUrl: metrics };
  const traefik = await readingCostMs(partOf(parts, "Traefik"), traefikProbe(target, metrics, { everyMs: 1000 }));
  const seconds = (last.timeMs - first.timeMs) / 1000;
  const perSecond = { PostgreSQL: probeBackendsMs(first, last) / seconds, Redis: redis, Traefik: traefik, Odoo: 0 };
  const rows = parts.map((part) => ({
    part: part.name,
    all: (cpuMs(last.table, part) - cpuMs(first.table, part)) / seconds,
    probes: perSecond[part.name],
  }));
  const harness = ((last.table.get(harnessPid)?.ownMs ?? 0) - (first.table.get(harnessPid)?.ownMs ?? 0)) / seconds;
  const share = sum(rows, "probes") / sum(rows, "all");
  const text = render(rows, { share, harness, seconds, roles: roleRows(first, last, seconds) });
  writeFileSync(join(root, "bench/results/probes.md"), text);
  console.log(text);
  process.exitCode = share <= LIMIT ? 0 : 1;
} finally {
  await stopLab();
  rmSync(folder, { recursive: true, force: true });
}

/** loadAndRead runs the campaign and reads the server's CPU time twice, at the beginning and the end of a period of its load. */
async function loadAndRead() {
  const { promise: loading, resolve: begin } = deferred<number>();
  const load = `${Math.ceil((WARM_MS + windowMs) / 1000)}s`;
  const args = ["--baseline", "1.0", "--candidate", "1.0", "--load", load, "--out", join(folder, "campaign")];
  const campaign = judgeOnLab(args, (text, pid) => text.includes("Loading 1.0") && begin(pid));
  // A campaign that ends before its load starts has failed, and reports the reason.
  const harnessPid = await Promise.race([
    loading,
    campaign.then(() => Promise.reject(new Error("the campaign ended before its load"))),
  ]);
  await sleep(WARM_MS);
  const lab: RunningLab = await openRunningLab(options);
  const parts = await serverParts(root);
  const first = await readServerUsage(lab);
  await sleep(windowMs);
  const last = await readServerUsage(lab);
  if (first.probeBackends.length === 0) throw new Error("no probe is connected to PostgreSQL");
  await campaign;
  return { parts, first, last, harnessPid };
}

/**
 * readingCostMs is the CPU time that a part uses for one reading of a probe: that of many readings, minus the time that the part
 * uses by itself.
 */
async function readingCostMs(part: ServerPart, probe: Probe): Promise<number> {
  const cpu = () => cpuMs(readProcessTable(), part);
  await probe.start(options.signal);
  const [beforeMs, startMs] = [cpu(), performance.now()];
  for (let number = 0; number < READINGS; number += 1) await probe.sample(options.signal);
  const [usedMs, tookMs] = [cpu() - beforeMs, performance.now() - startMs];
  const idleMs = cpu();
  await sleep(tookMs);
  const byItselfMs = cpu() - idleMs;
  await probe.stop(options.signal);
  return Math.max(0, usedMs - byItselfMs) / READINGS;
}

function partOf(parts: readonly ServerPart[], name: ServerPart["name"]): ServerPart {
  const part = parts.find((each) => each.name === name);
  if (part === undefined || part.pids.length === 0) throw new Error(`${name} does not run`);
  return part;
}

interface Row {
  readonly part: string;
  /** Milliseconds of CPU time per second. */
  readonly all: number;
  readonly probes: number;
}

function sum(rows: readonly Row[], key: "all" | "probes"): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

function roleRows(first: ServerUsage, last: ServerUsage, seconds: number): readonly string[] {
  const grown = last.roles.map(({ role, calls, execMs }) => {
    const before = first.roles.find((each) => each.role === role);
    return { role, calls: (calls - (before?.calls ?? 0)) / seconds, execMs: (execMs - (before?.execMs ?? 0)) / seconds };
  });
  const all = grown.reduce((total, { execMs }) => total + execMs, 0);
  return grown.map(
    ({ role, calls, execMs }) => `| ${role} | ${calls.toFixed(1)} | ${execMs.toFixed(2)} | ${percent(execMs / all)} |`,
  );
}

function render(
  rows: readonly Row[],
  measured: { share: number; harness: number; seconds: number; roles: readonly string[] },
): string {
  const { share, harness, seconds, roles } = measured;
  const line = ({ part, all, probes }: Row) =>
    `| ${part} | ${all.toFixed(1)} | ${probes.toFixed(2)} | ${percent(probes / all)} |`;
  const whole = { part: "all", all: sum(rows, "all"), probes: sum(rows, "probes") };
  return `# Cost of the probes on the server

Release 1.0 in both arms of the native lab, ${seconds.toFixed(0)} s of the default workload, with the default probes: the fast ones read every second, sums
over pg_stat_statements every two, backlogs and values of the whole server every five. Written by \`npm run bench:probes\`.

**The probes used ${percent(share)} of the server's CPU time; the limit is ${percent(LIMIT)}.**

| part | CPU time, ms in a second | of it for the probes | share |
|---|---|---|---|
${[...rows, whole].map(line).join("\n")}

PostgreSQL: CPU time of the backends that serve probes against that of all of its processes. Redis and Traefik: the cost of one reading (the mean of
${READINGS} after the load, minus the time that the part uses by itself) once a second. Probes do not call Odoo. Reading its log is work of the harness,
which used ${harness.toFixed(1)} ms per second in all, on the machine on which it runs.

PostgreSQL's own count of the same period (pg_stat_statements, execution only, without planning and transport):

| role | statements in a second | execution, ms in a second | share |
|---|---|---|---|
${roles.join("\n")}
`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}
