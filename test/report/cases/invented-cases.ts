import type { Evaluation, IndicatorChange } from "../../../src/domain/judgement/evaluation.ts";
import type { TimelineSeries } from "../../../src/domain/judgement/timeline.ts";
import { inventAddedTime, inventErrors, inventStatements, PRICE_RULE } from "./invented-causes.ts";
import { withFields } from "./invented-changes.ts";
import { inventPass } from "./invented-evaluation.ts";
import { inventPartial } from "./invented-partial.ts";
import { inventTimeline } from "./invented-timeline.ts";

/** CASES are the invented evaluations of the renderer tests, by the name of their fixture. */
export const CASES: Readonly<Record<string, () => Evaluation>> = {
  pass: inventPass,
  "pass-partial": inventPartial,
  "fail-n-plus-one": inventNPlusOne,
  "inconclusive-disturbed": inventDisturbed,
  "no-data": inventNoData,
};

/** inventNPlusOne is a FAIL caused by one additional SELECT per order line in order confirmation. */
function inventNPlusOne(): Evaluation {
  const pass = inventPass();
  const orderImport = (change: IndicatorChange): IndicatorChange => {
    const regressed = { change: "regressed", p: 0.00001, pAdjusted: 0.00015, notWorse: false } as const;
    const doubtful = { change: "inconclusive", notWorse: false, moreMinutes: 8.2 } as const;
    if (change.indicator === "order-import.statements-per-transaction")
      return withFields(change, { ...regressed, candidate: 122.4, effect: 1.968, lower: 1.961, upper: 1.976 });
    if (change.indicator === "order-import.latency-p50")
      return withFields(change, { ...regressed, candidate: 297, effect: 2.007, lower: 1.84, upper: 2.19 });
    if (change.indicator === "order-import.latency-p95")
      return withFields(change, { ...regressed, candidate: 498, effect: 2.156, lower: 1.88, upper: 2.41 });
    if (change.indicator === "order-import.confirm.latency-p95")
      return withFields(change, { ...regressed, candidate: 344, effect: 2.61, lower: 2.3, upper: 2.9 });
    if (change.indicator === "stock-sync.latency-p95")
      return withFields(change, { ...doubtful, effect: 1.057, lower: 0.94, upper: 1.19, candidate: 181 });
    return change;
  };
  return {
    ...pass,
    verdict: "fail",
    confidence: 0.002,
    summary:
      "Do not release 1.2: confirming an imported order now runs twice the SQL statements and takes twice as long, " +
      "because a price rule is read once per order line.",
    reasons: [
      {
        kind: "gate",
        text: "order import: SQL statements per order regressed",
        indicator: "order-import.statements-per-transaction",
      },
      { kind: "gate", text: "order import: latency p50 regressed", indicator: "order-import.latency-p50" },
      { kind: "gate", text: "order import: latency p95 regressed", indicator: "order-import.latency-p95" },
    ],
    next: [
      "Look at _apply_price_rules in addon retail_pricing 1.2: read the rules of all order lines in one search.",
      "peakproof campaign --only order-import repeats this part in 2 minutes.",
    ],
    runIds: ["2026-11-21-retail-1.2"],
    releases: {
      baseline: { ...pass.releases.candidate },
      candidate: {
        label: "1.2",
        identity: { odoo: "14.0", addons: "sha256:e25c80b71fa9", modules: "retail_pricing 14.0.1.2.0" },
      },
    },
    changes: pass.changes.map(orderImport),
    attribution: [
      {
        service: "order-import",
        layer: "postgres",
        text: "order confirmation runs one additional SELECT on retail_price_rule per order line: 60 more per order, +84 ms of +149 ms",
        statement: PRICE_RULE,
        addedCalls: 60.1,
        addedMs: 84.2,
        step: "order-import/confirm",
      },
      {
        service: "order-import",
        layer: "odoo",
        text: "Python time of order confirmation grew with the statements, +58 ms",
        statement: null,
        addedCalls: null,
        addedMs: 58.4,
      },
      {
        service: "order-import",
        layer: "cannot-tell",
        text: "6 ms of the added time are not explained by any probe; no lock waits, Redis and ingress unchanged",
        statement: null,
        addedCalls: null,
        addedMs: 6.3,
      },
    ],
    addedTime: inventAddedTime(),
    statements: inventStatements(),
    errors: inventErrors(),
    timeline: {
      ...inventTimeline({ durationMs: 240_000, stepMs: 5000, slowdown: 2.1 }),
      events: [
        { atMs: 0, kind: "deploy", label: "1.1 and 1.2 started" },
        { atMs: 61_000, kind: "checkpoint", label: "PostgreSQL checkpoint" },
        { atMs: 148_000, kind: "autovacuum", label: "autovacuum of sale_order_line" },
        { atMs: 151_000, kind: "autovacuum", label: "autovacuum of stock_move" },
      ],
    },
  };
}

/** inventDisturbed is an INCONCLUSIVE run on a machine with CPU steal; one invariant was not checked. */
function inventDisturbed(): Evaluation {
  const pass = inventPass();
  const text =
    "environment disturbed: 9 of 24 blocks had more than 5 % CPU steal, so 2 more minutes of undisturbed load are needed";
  const remedy = "Repeat on a quieter machine, or give the campaign a longer budget so that it repeats disturbed blocks.";
  const changes = pass.changes.map((change): IndicatorChange => {
    if (change.kind !== "latency" || change.effect === null) return change;
    const doubt = { change: "inconclusive", notWorse: false, lower: change.effect * 0.8, upper: change.effect * 1.31 } as const;
    const warnings = ["9 blocks excluded", ...change.warnings];
    return { ...change, ...doubt, moreMinutes: null, blocks: 15, minimumDetectableEffect: 0.34, warnings };
  });
  return {
    ...pass,
    verdict: "inconclusive",
    confidence: 0.41,
    summary:
      "It is not known whether 1.1 is safe: the machine was disturbed for 90 of 240 s, and the latency gates are inconclusive.",
    reasons: [
      { kind: "validity", text, indicator: null },
      { kind: "evidence", text: "6 latency gates are inconclusive with the 15 remaining blocks", indicator: null },
    ],
    next: [remedy],
    load: { ...pass.load, blocksLeftOut: 9 },
    changes,
    invariants: pass.invariants.map((result) =>
      result.id === "stock-balance" ? { ...result, status: "not-checked", checked: 0 } : result,
    ),
    validity: [
      { code: "host-steal", severity: "disturbed", text, remedy },
      { code: "probe-missing", severity: "info", text: "Redis was not probed", remedy: "Set redisUrl for the target." },
    ],
    timeline: {
      ...pass.timeline,
      series: pass.timeline.series.map(withGap),
      events: [
        { atMs: 80_000, kind: "disturbance", label: "CPU steal up to 31 %" },
        { atMs: 200_000, kind: "disturbance", label: "CPU steal up to 12 %" },
      ],
      excluded: [
        { startMs: 80_000, endMs: 150_000, reason: "CPU steal 22 %" },
        { startMs: 200_000, endMs: 220_000, reason: "CPU steal 11 %" },
      ],
    },
  };
}

/** withGap removes the probe readings of half a minute, as if the probe could not connect. */
function withGap(series: TimelineSeries): TimelineSeries {
  if (series.chart !== "probe") return series;
  return { ...series, points: series.points.map(([at, value]) => [at, at > 90_000 && at < 125_000 ? null : value] as const) };
}

/** inventNoData is the evaluation of an empty bundle: no estimates, no volumes, no timelines, verdict INCONCLUSIVE. */
function inventNoData(): Evaluation {
  const pass = inventPass();
  const text = "nothing was measured: the bundle holds no transaction of either arm";
  const remedy = "Run peakproof doctor to find the part that cannot be reached.";
  return {
    ...pass,
    verdict: "inconclusive",
    confidence: null,
    summary: "Nothing is known about 1.1: no transaction was measured.",
    reasons: [{ kind: "validity", text, indicator: null }],
    next: [remedy],
    load: { ...pass.load, loadMs: 0, blocks: 0, volumes: [] },
    changes: pass.changes
      .filter(({ indicator }) => indicator.startsWith("order-import.latency"))
      .map((change) =>
        withFields(change, {
          change: "inconclusive",
          baseline: null,
          candidate: null,
          effect: null,
          lower: null,
          upper: null,
          marginLower: null,
          marginUpper: null,
          p: null,
          pAdjusted: null,
          notWorse: false,
          n: { baseline: 0, candidate: 0 },
          blocks: 0,
          minimumDetectableEffect: null,
          moreMinutes: null,
          warnings: ["0 of 100 required transactions"],
        }),
      ),
    invariants: [],
    method: { ...pass.method, gates: 2 },
    validity: [{ code: "no-samples", severity: "invalid", text, remedy }],
    timeline: { durationMs: 0, series: [], events: [], excluded: [] },
  };
}
