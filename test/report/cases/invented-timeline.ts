import { type Arm, ARMS } from "../../../src/domain/arm.ts";
import type { Timeline, TimelineSeries } from "../../../src/domain/judgement/timeline.ts";
import type { Layer } from "../../../src/domain/service.ts";

interface Wave {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly layer: Layer;
  readonly chart: TimelineSeries["chart"];
  readonly arm: Arm | null;
  readonly level: number;
  /** Amplitude of the noise, as a share of the level. */
  readonly noise: number;
}

export interface TimelineStory {
  readonly durationMs: number;
  readonly stepMs: number;
  /** Factor by which the candidate's order import is slower. */
  readonly slowdown: number;
}

const LATENCIES = [
  { scenario: "checkout", label: "checkout", p50: 812, p95: 1430 },
  { scenario: "order-import", label: "order import", p50: 148, p95: 231 },
] as const;

const RATES = [
  { scenario: "checkout", label: "checkouts", perMinute: 103 },
  { scenario: "order-import", label: "orders", perMinute: 321 },
] as const;

const ARM_PROBES = [
  { id: "odoo-cpu", label: "Odoo CPU", unit: "cores", layer: "odoo", level: 0.44, noise: 0.2 },
  { id: "statements", label: "SQL statements", unit: "per s", layer: "postgres", level: 612, noise: 0.15 },
  { id: "sessions-active", label: "active sessions", unit: "sessions", layer: "postgres", level: 2.4, noise: 0.5 },
  { id: "wal", label: "WAL written", unit: "bytes/s", layer: "postgres", level: 205_000, noise: 0.3 },
] as const;

const SHARED_PROBES = [
  { id: "loader-cpu", label: "load generator CPU", unit: "cores", layer: "loader", level: 0.12, noise: 0.2 },
  { id: "ingress-time", label: "time spent in Traefik", unit: "ms", layer: "ingress", level: 1.8, noise: 0.4 },
  { id: "redis-commands", label: "Redis commands", unit: "per s", layer: "redis", level: 96, noise: 0.2 },
  { id: "host-steal", label: "CPU steal", unit: "ratio", layer: "host", level: 0.003, noise: 0.8 },
  { id: "psi-cpu", label: "CPU pressure", unit: "ratio", layer: "host", level: 0.08, noise: 0.5 },
] as const;

/** inventTimeline returns series with seeded noise: the same story always gives the same points. */
export function inventTimeline(story: TimelineStory): Timeline {
  const random = seededRandom(7);
  const wave = (parts: Wave): TimelineSeries => {
    const { level, noise, ...series } = parts;
    return { ...series, points: inventPoints(level, noise, story, random) };
  };
  const series = [
    ...RATES.flatMap(({ scenario, label, perMinute }) => [
      wave(loadWave(`${scenario}.planned`, `${label} planned`, perMinute, 0)),
      wave(loadWave(`${scenario}.achieved`, `${label} achieved`, perMinute * 0.99, 0.05)),
    ]),
    ...LATENCIES.flatMap(({ scenario, label, p50, p95 }) =>
      ARMS.flatMap((arm) => {
        const factor = arm === "candidate" && scenario === "order-import" ? story.slowdown : 1;
        const common = { unit: "ms", layer: "odoo", chart: "latency", arm, noise: 0.12 } as const;
        return [
          wave({ ...common, id: `${scenario}.p50`, label: `${label} p50`, level: p50 * factor }),
          wave({ ...common, id: `${scenario}.p95`, label: `${label} p95`, level: p95 * factor, noise: 0.25 }),
        ];
      }),
    ),
    ...ARM_PROBES.flatMap((probe) =>
      ARMS.map((arm) => {
        const factor = arm === "candidate" && probe.layer === "postgres" ? Math.sqrt(story.slowdown) : 1;
        return wave({ ...probe, chart: "probe", arm, level: probe.level * factor });
      }),
    ),
    ...SHARED_PROBES.map((probe) => wave({ ...probe, chart: "probe", arm: null })),
  ];
  return { durationMs: story.durationMs, series, events: [], excluded: [] };
}

function loadWave(id: string, label: string, level: number, noise: number): Wave {
  return { id, label, unit: "per min", layer: "loader", chart: "load", arm: null, level, noise };
}

function inventPoints(level: number, noise: number, story: TimelineStory, random: () => number): TimelineSeries["points"] {
  return Array.from({ length: Math.floor(story.durationMs / story.stepMs) + 1 }, (_, index) => {
    const atMs = index * story.stepMs;
    const swing = 1 + noise * (0.5 * Math.sin(index / 9) + random() - 0.5);
    return [atMs, Number((level * swing).toPrecision(4))] as const;
  });
}

/** seededRandom is the generator of Park and Miller (multiplier 48271, modulus 2^31 - 1). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
