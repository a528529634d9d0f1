import { expect, test } from "vitest";

import type { DrillOutcome, DrillRow } from "../../src/domain/judgement/drill.ts";
import type { Verdict } from "../../src/domain/judgement/evaluation.ts";
import type { Layer } from "../../src/domain/service.ts";
import { scoreDrill } from "../../src/execution/drill.ts";

function row(layer: Layer | null, outcome: DrillOutcome): DrillRow {
  const fault = { id: "any", title: "", layer, place: "", unit: "", sizes: null };
  return { fault, size: null, amount: null, proof: null, elapsedMs: 1000, outcome };
}

function verdict(word: Verdict, reportedLayer: Layer | "cannot-tell" | null = null): DrillOutcome {
  return { kind: "judged", verdict: word, reportedLayer, because: "", loadMs: 60_000 };
}

const found = row("odoo", verdict("fail", "odoo"));
const blamedOther = row("odoo", verdict("fail", "postgres"));
const missed = row("odoo", verdict("inconclusive"));
const passed = row("redis", verdict("pass"));
const quiet = row(null, verdict("inconclusive"));
const alarm = row(null, verdict("fail", "host"));
const notInjected = row("ingress", { kind: "not-injected", why: "" });

function times(count: number, each: DrillRow): DrillRow[] {
  return Array.from({ length: count }, () => each);
}

test("nine of ten detected, eight of them in the right layer, and quiet controls meet the targets", () => {
  const rows = [...times(8, found), blamedOther, missed, quiet, quiet];
  expect(scoreDrill(rows)).toEqual({
    faults: 10,
    detected: 9,
    layerRight: 8,
    controls: 2,
    falseAlarms: 0,
    unjudged: 0,
    isMet: true,
  });
});

test.each([
  { name: "eight of ten detected", rows: [...times(8, found), missed, passed] },
  { name: "seven of ten in the right layer", rows: [...times(7, found), ...times(3, blamedOther)] },
  { name: "an alarm on a control", rows: [...times(10, found), alarm] },
  { name: "one of eleven not injected", rows: [...times(10, found), notInjected] },
])("$name does not", ({ rows }) => {
  expect(scoreDrill(rows).isMet).toBe(false);
});

test("what was not injected counts as not detected", () => {
  expect(scoreDrill([found, notInjected])).toMatchObject({ faults: 2, detected: 1, unjudged: 1 });
});

test("a control that could not be run is no quiet control", () => {
  expect(scoreDrill([found, row(null, { kind: "not-measured", why: "" })])).toMatchObject({
    falseAlarms: 0,
    unjudged: 1,
    isMet: false,
  });
});
