/**
 * npm run bench:probes -- [--seconds 60]: what watching costs the server. It runs one campaign of release 1.0 against itself on the
 * native lab by the default workload and probes, and reads from the processes' own CPU times what was used for the probes.
 * Writes bench/results/probes.md; ends with 1 where the probes used more than a hundredth.
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
import { cpuMs, lookAtServer, probeBackendsMs, type ServerLook, type ServerPart, serverParts } from "./server-look.ts";

/** Most of the server's CPU time that its probes may use. */
const LIMIT = 0.01;
/** The default warm-up, and some seconds for the last worker to be warm. */
const WARM_MS = 20_000;
/** Looks at a part that nobody else asks, to learn what one costs: many, since the kernel shows CPU time in steps of 10 ms. */
const LOOKS = 400;

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
const windowMs = Number(values.seconds) * 1000;
const folder = mkdtempSync(join(tmpdir(), "peakproof-probes-"));
const options = { projectDir: root, signal: new AbortController().signal, progress: { stage() {}, update() {}, note() {} } };

try {
  const { parts, first, last, harnessPid } = await loadAndLook();
  const lab = await openRunningLab(options);
  const redis = await lookCostMs(partOf(parts, "Redis"), redisProbe(redisUrl(lab.state.ports.redis), { everyMs: 1000 }));
  const metrics = `http://127.0.0.1:${lab.state.ports.metrics}/metrics`;
  const target = { name: "lab", arms: {}, redisUrl: null, traefikMetricsUrl: metrics };
  const traefik = await lookCostMs(partOf(parts, "Traefik"), traefikProbe(target, metrics, { everyMs: 1000 }));
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

/** loadAndLook runs the campaign and looks at the server twice, at both ends of a stretch of its load. */
async function loadAndLook() {
  const { promise: loading, resolve: begin } = deferred<number>();
  const load = `${Math.ceil((WARM_MS + windowMs) / 1000)}s`;
  const args = ["--baseline", "1.0", "--candidate", "1.0", "--load", load, "--out", join(folder, "campaign")];
  const campaign = judgeOnLab(args, (text, pid) => text.includes("Loading 1.0") && begin(pid));
  // A campaign that ends before it loads has failed, and says why.
  const harnessPid = await Promise.race([loading, campaign.then(() => Promise.reject(new Error("there was no load")))]);
  await sleep(WARM_MS);
  const lab: RunningLab = await openRunningLab(options);
  const parts = await serverParts(root);
  const first = await lookAtServer(lab);
  await sleep(windowMs);
  const last = await lookAtServer(lab);
  if (first.probeBackends.length === 0) throw new Error("no probe is connected to PostgreSQL");
  await campaign;
  return { parts, first, last, harnessPid };
}

/** lookCostMs is the CPU time that a part uses for one look of a probe: many looks, less what it does by itself in the same time. */
async function lookCostMs(part: ServerPart, probe: Probe): Promise<number> {
  const cpu = () => cpuMs(readProcessTable(), part);
  await probe.start(options.signal);
  const [beforeMs, startMs] = [cpu(), performance.now()];
  for (let look = 0; look < LOOKS; look += 1) await probe.sample(options.signal);
  const [usedMs, tookMs] = [cpu() - beforeMs, performance.now() - startMs];
  const idleMs = cpu();
  await sleep(tookMs);
  const byItselfMs = cpu() - idleMs;
  await probe.stop(options.signal);
  return Math.max(0, usedMs - byItselfMs) / LOOKS;
}

function partOf(parts: readonly ServerPart[], name: ServerPart["name"]): ServerPart {
  const part = parts.find((each) => each.name === name);
  if (part === undefined || part.pids.length === 0) throw new Error(`${name} does not run`);
  return part;
}

interface Row {
  readonly part: string;
  /** Milliseconds of CPU time in a second. */
  readonly all: number;
  readonly probes: number;
}

function sum(rows: readonly Row[], key: "all" | "probes"): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

function roleRows(first: ServerLook, last: ServerLook, seconds: number): readonly string[] {
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
  return `# What watching costs the server

Release 1.0 in both arms of the native lab, ${seconds.toFixed(0)} s of the default workload, with the default probes: the quick ones look every second, sums
over pg_stat_statements every two, backlogs and what concerns the whole server every five. Written by \`npm run bench:probes\`.

**The probes used ${percent(share)} of the server's CPU time; the limit is ${percent(LIMIT)}.**

| part | CPU time, ms in a second | of it for the probes | share |
|---|---|---|---|
${[...rows, whole].map(line).join("\n")}

PostgreSQL: CPU time of the backends that serve probes against that of all of its processes. Redis and Traefik: what one look costs (the mean of
${LOOKS} after the load, less what the part does by itself) once a second. Odoo is not asked: its log is read, and that is the harness's own work,
which took ${harness.toFixed(1)} ms in a second with all else that the harness does, on whatever machine it runs.

PostgreSQL's own count of the same stretch (pg_stat_statements, execution only, without planning and transport):

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
