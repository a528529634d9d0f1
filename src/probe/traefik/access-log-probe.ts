import type { Arm } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target/target.ts";
import { tailFile } from "../../files/tail.ts";
import { fromZero, observe } from "../sampling/readings.ts";
import { traefikServices } from "./traefik-probe.ts";

/** `ip - user [time] "METHOD path PROTOCOL" status bytes "referer" "agent" count "router" "server" 12ms`. */
const COMMON = /^\S+ - \S+ \[[^\]]+\] "\S+ .* \S+" (\d{3}) \S+ .* \S+ (?:"[^"]*"|-) ("[^"]*"|-) (\d+)ms$/;
/** Odoo's core never answers with these codes (503 only on its websocket route). A proxy without an answer does. */
const TRANSPORT: ReadonlySet<number> = new Set([499, 502, 504]);

/**
 * accessLogProbe follows Traefik's access log from its end at the start of the load. Only this log shows whether Traefik or Odoo
 * made a failed answer.
 */
export function accessLogProbe(target: Target, path: string, options: { everyMs: number }): Probe {
  const tail = tailFile(path);
  let counts = countAccessLog(traefikServices(target));

  async function sample(): Promise<readonly Reading[]> {
    await tail.read((line) => counts.add(line));
    return counts.readings(Date.now());
  }

  return {
    name: "traefik-access-log",
    everyMs: options.everyMs,
    async start(): Promise<readonly Reading[]> {
      await tail.skipToEnd();
      counts = countAccessLog(traefikServices(target));
      return counts.readings(Date.now());
    },
    sample,
    stop: sample,
  };
}

/** AccessLogLine holds the used fields of one line of Traefik's access log. Null: the line does not have the field. */
export interface AccessLogLine {
  /** Name as in the metrics, such as `odoo-baseline@file`. The common log format does not have it. */
  readonly service: string | null;
  /** Status that the client received. */
  readonly status: number;
  /** Whether a server was asked at all. Traefik answers redirects, refusals and missing servers itself. */
  readonly asked: boolean;
  readonly retries: number | null;
  /** Time of the server, and time that Traefik added. */
  readonly originMs: number | null;
  readonly overheadMs: number | null;
}

/** parseAccessLogLine parses a line in either of Traefik's formats (`json`, `common`). Null for any other line. */
export function parseAccessLogLine(line: string): AccessLogLine | null {
  return line.startsWith("{") ? parseJson(line) : parseCommon(line);
}

/**
 * failureMaker returns who made a failed answer, null for other answers. The origin status alone is not sufficient, because
 * Traefik also writes its own 502 and 504 into that field.
 */
export function failureMaker({ status, asked }: Pick<AccessLogLine, "status" | "asked">): "ingress" | "application" | null {
  if (status < 400) return null;
  if (!asked || TRANSPORT.has(status)) return "ingress";
  // 4xx answers of Odoo are judged by the scenario.
  return status >= 500 ? "application" : null;
}

/** AccessLogCounts counts the lines of an access log from zero at the start of the load. */
interface AccessLogCounts {
  add(line: string): void;
  readings(timeMs: number): readonly Reading[];
}

/** Sums of one arm. The arm null has the requests without a service, or with a line that does not name the service. */
interface Sums {
  requests: number;
  retries: number;
  originMs: number;
  overheadMs: number;
  readonly failures: Map<string, { labels: { made_by: string; code: string }; count: number }>;
}

/** countAccessLog counts requests, retries and failures by who made them. Requests of other services are not counted. */
function countAccessLog(services: ReadonlyMap<string, Arm>): AccessLogCounts {
  const arms = new Map<Arm | null, Sums>([null, ...services.values()].map((arm) => [arm, nothing()]));
  const complete = fromZero();

  return {
    add(text) {
      const line = parseAccessLogLine(text);
      if (line === null) return;
      const arm = line.service === null ? null : services.get(line.service);
      const sums = arm === undefined ? undefined : arms.get(arm);
      if (sums === undefined) return;
      sums.requests += 1;
      sums.retries += line.retries ?? 0;
      sums.originMs += line.originMs ?? 0;
      sums.overheadMs += line.overheadMs ?? 0;
      const maker = failureMaker(line);
      if (maker === null) return;
      const labels = { made_by: maker, code: String(line.status) };
      const key = `${maker} ${line.status}`;
      const entry = sums.failures.get(key) ?? { labels, count: 0 };
      entry.count += 1;
      sums.failures.set(key, entry);
    },
    readings(timeMs) {
      const readings = [...arms].flatMap(([arm, { requests, retries, originMs, overheadMs, failures }]) => [
        ...observe(
          { timeMs, arm, probe: "traefik" },
          { logged_requests: requests, logged_retries: retries, origin_ms: originMs, overhead_ms: overheadMs },
        ),
        ...[...failures.values()].flatMap(({ labels, count }) =>
          observe({ timeMs, arm, probe: "traefik", labels }, { failed_requests: count }),
        ),
      ]);
      return complete(readings);
    },
  };
}

function nothing(): Sums {
  return { requests: 0, retries: 0, originMs: 0, overheadMs: 0, failures: new Map() };
}

/** Durations are nanoseconds. A field that the operator dropped (`accessLog.fields`) is absent. */
function parseJson(line: string): AccessLogLine | null {
  const fields = recordOf(line);
  const status = numberOf(fields["DownstreamStatus"]);
  if (status === null) return null;
  const { ServiceName: service } = fields;
  const originStatus = numberOf(fields["OriginStatus"]);
  return {
    service: typeof service === "string" && service !== "" ? service : null,
    status,
    // For a request that no server received, the status is zero or absent, and the service's address is absent.
    asked: originStatus === null ? typeof fields["ServiceURL"] === "string" : originStatus !== 0,
    retries: numberOf(fields["RetryAttempts"]),
    originMs: milliseconds(fields["OriginDuration"]),
    overheadMs: milliseconds(fields["Overhead"]),
  };
}

function parseCommon(line: string): AccessLogLine | null {
  const [, status, server] = COMMON.exec(line) ?? [];
  if (status === undefined) return null;
  const asked = server !== '"-"' && server !== "-";
  return { service: null, status: Number(status), asked, retries: null, originMs: null, overheadMs: null };
}

function recordOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function milliseconds(value: unknown): number | null {
  const nanoseconds = numberOf(value);
  return nanoseconds === null ? null : nanoseconds / 1e6;
}
