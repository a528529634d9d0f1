/** AccessLogLine is what is used of one line of Traefik's access log. Null is what the line does not tell. */
export interface AccessLogLine {
  /** As in the metrics, such as `odoo-baseline@file`; the common log format does not tell it. */
  readonly service: string | null;
  /** What the client got. */
  readonly status: number;
  /** Whether a server was asked at all; Traefik answers redirects, refusals and missing servers itself. */
  readonly asked: boolean;
  readonly retries: number | null;
  /** Time that the server took, and what Traefik added to it. */
  readonly originMs: number | null;
  readonly overheadMs: number | null;
}

/** parseAccessLogLine reads a line in either of Traefik's formats (`json`, `common`); null for any other line. */
export function parseAccessLogLine(line: string): AccessLogLine | null {
  return line.startsWith("{") ? parseJson(line) : parseCommon(line);
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
    // Of a request that no server got, the status is zero or absent, and so is the service's address.
    asked: originStatus === null ? typeof fields["ServiceURL"] === "string" : originStatus !== 0,
    retries: numberOf(fields["RetryAttempts"]),
    originMs: milliseconds(fields["OriginDuration"]),
    overheadMs: milliseconds(fields["Overhead"]),
  };
}

/** `ip - user [time] "METHOD path PROTOCOL" status bytes "referer" "agent" count "router" "server" 12ms`. */
const COMMON = /^\S+ - \S+ \[[^\]]+\] "\S+ .* \S+" (\d{3}) \S+ .* \S+ (?:"[^"]*"|-) ("[^"]*"|-) (\d+)ms$/;

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
