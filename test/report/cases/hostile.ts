import type { AddedPart, AddedTime, Evaluation } from "../../../src/domain/judgement/evaluation.ts";
import { withFields } from "./invented-changes.ts";
import { inventPass } from "./invented-evaluation.ts";

const LONG_WORD = "account_analytic_distribution_model_with_a_name_without_end_".repeat(3);
const TEXT = `<script>alert(1)</script> "quoted" & 'so' \u001b[31m ${LONG_WORD}`;

const HUGE = { baseline: 0, candidate: 123_456_789_012 };

const HOSTILE_PART: AddedPart = { part: "unexplained", layer: null, addedMs: 0, standardError: null, known: "arm" };

const HOSTILE_TIME: AddedTime = {
  step: TEXT,
  scenario: TEXT,
  service: "checkout",
  baselineMs: 1e9,
  candidateMs: 0,
  addedMs: 0,
  standardError: 1e12,
  parts: [],
  explained: 0,
  layer: "cannot-tell",
  missing: [TEXT, LONG_WORD],
};

/** inventHostile holds hostile input: markup in names, very long words, numbers beyond all axes. */
export function inventHostile(): Evaluation {
  const pass = inventPass();
  const extremes = [
    { effect: 1e6, lower: 0, upper: 1e9 },
    { effect: 0, lower: 0, upper: 0 },
    { effect: -1, lower: null, upper: 1.2 },
    { effect: 1, lower: 1, upper: null },
    { effect: 1e-9, lower: 1e-12, upper: 0.5, better: "higher" },
  ] as const;
  return {
    ...pass,
    verdict: "fail",
    summary: TEXT,
    reasons: [{ kind: "invariant", text: TEXT, indicator: null }],
    next: [TEXT],
    runIds: [LONG_WORD, TEXT],
    releases: {
      baseline: { label: LONG_WORD, identity: { [TEXT]: TEXT } },
      candidate: { label: TEXT, identity: {} },
    },
    changes: pass.changes.map((change, index) =>
      withFields(change, {
        ...extremes[index % extremes.length],
        change: (["regressed", "inconclusive", "improved"] as const)[index % 3] ?? "equivalent",
        label: index % 2 === 0 ? TEXT : change.label,
        indicator: `${change.indicator} ${LONG_WORD}`,
        baseline: 123_456_789_012,
        warnings: [TEXT],
      }),
    ),
    attribution: [
      {
        service: "checkout",
        layer: "postgres",
        text: TEXT,
        statement: `SELECT ${LONG_WORD} ${TEXT}`,
        addedCalls: -3,
        addedMs: -1200,
      },
      { service: "checkout", layer: "odoo", text: TEXT, statement: null, addedCalls: null, addedMs: 4000, step: TEXT },
    ],
    addedTime: [
      {
        ...HOSTILE_TIME,
        addedMs: -1e7,
        parts: [-3e7, 2e7, 1e-9].map((addedMs) => ({ ...HOSTILE_PART, addedMs })),
      },
      { ...HOSTILE_TIME, addedMs: 0, parts: [] },
    ],
    statements: [
      {
        statement: `SELECT ${LONG_WORD} ${TEXT}`,
        tables: [TEXT, LONG_WORD],
        calls: HUGE,
        execMs: HUGE,
        rows: HUGE,
        blocks: HUGE,
        walBytes: HUGE,
      },
    ],
    errors: [{ step: LONG_WORD, service: "checkout", outcome: TEXT, layer: "ingress", failed: HUGE, requests: HUGE }],
    invariants: pass.invariants.map((result) => ({
      ...result,
      label: TEXT,
      status: "broken",
      violations: 3,
      examples: [TEXT, LONG_WORD],
    })),
    validity: [{ code: "clock-step", severity: "invalid", text: TEXT, remedy: TEXT }],
    inputs: [{ path: LONG_WORD, sha256: "0".repeat(64) }],
    timeline: {
      ...pass.timeline,
      series: pass.timeline.series.map((series, index) => ({
        ...series,
        label: TEXT,
        points: index % 3 === 0 ? [[1000, 1e12]] : index % 3 === 1 ? [] : series.points.map(([at, value]) => [at, -(value ?? 0)]),
      })),
      events: Array.from({ length: 90 }, (_, index) => ({ atMs: 100_000 + index * 40, kind: "fault", label: TEXT })),
      excluded: [{ startMs: -5000, endMs: 900_000, reason: TEXT }],
    },
  };
}
