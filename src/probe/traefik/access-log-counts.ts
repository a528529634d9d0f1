import type { Arm } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";
import { fromZero } from "../from-zero.ts";
import { observe } from "../observe.ts";
import { parseAccessLogLine } from "./access-log-line.ts";
import { failureMaker } from "./failure-maker.ts";

/** AccessLogCounts counts the lines of an access log from zero at the start of the load. */
export interface AccessLogCounts {
  add(line: string): void;
  readings(timeMs: number): readonly Reading[];
}

/** Sums of one arm; null is the arm of requests that belong to none, or of which the line does not tell the service. */
interface Sums {
  requests: number;
  retries: number;
  originMs: number;
  overheadMs: number;
  readonly failures: Map<string, { labels: { made_by: string; code: string }; count: number }>;
}

/** countAccessLog counts requests, retries and failures by who made them. A stranger's service is nobody's. */
export function countAccessLog(services: ReadonlyMap<string, Arm>): AccessLogCounts {
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
      const told = [...arms].flatMap(([arm, { requests, retries, originMs, overheadMs, failures }]) => [
        ...observe(
          { timeMs, arm, probe: "traefik" },
          { logged_requests: requests, logged_retries: retries, origin_ms: originMs, overhead_ms: overheadMs },
        ),
        ...[...failures.values()].flatMap(({ labels, count }) =>
          observe({ timeMs, arm, probe: "traefik", labels }, { failed_requests: count }),
        ),
      ]);
      return complete(told);
    },
  };
}

function nothing(): Sums {
  return { requests: 0, retries: 0, originMs: 0, overheadMs: 0, failures: new Map() };
}
