import { expect, test } from "vitest";

import type { Evidence } from "../../src/domain/judgement/evidence.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { readsInPieces } from "../../src/evaluator/effects/reads-in-pieces.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

/** 240 orders in each arm. */
const evidenceWith = (addedStatements: number) =>
  syntheticEvidence({ seed: 1, ownSd: 0.01, spread: 0.15, perBlock: 16, candidate: { addedStatements } });

const ROW = 'SELECT "res_currency".* FROM "res_currency" WHERE "res_currency".id IN (...)';
const columnOf = (name: string) =>
  `SELECT "res_currency"."id" as "id", "res_currency"."${name}" as "${name}" FROM "res_currency" WHERE "res_currency".id IN (...)`;
/** As 17 writes them. */
const NEWER_ROW =
  'SELECT "res_currency"."id", "res_currency"."rounding" FROM "res_currency" WHERE ("res_currency"."id" IN (...))';
const newerColumn = (name: string) =>
  `SELECT "res_currency"."id", "res_currency"."${name}"->>$n FROM "res_currency" WHERE ("res_currency"."id" IN (...))`;
const SEARCH = 'SELECT "res_currency".id FROM "res_currency" WHERE ("res_currency"."active" = $n)';

type Calls = Readonly<Record<string, readonly [baseline: number, candidate: number]>>;

function called(evidence: Evidence, calls: Calls): Evidence {
  const use = { execMs: 1, rows: 1, blocks: 1, walBytes: 0 };
  const statements = Object.entries(calls).flatMap(([statement, [baseline, candidate]]) => [
    { ...use, arm: "baseline" as const, statement, calls: baseline },
    { ...use, arm: "candidate" as const, statement, calls: candidate },
  ]);
  return { ...evidence, statements };
}

const pieces = (calls: Calls) => readsInPieces(called(evidenceWith(0), calls), "order-import");

const inTwo: Calls = { [ROW]: [1000, 760], [columnOf("rounding")]: [30, 270], [columnOf("decimal_places")]: [0, 240] };

test("a row that one arm reads in two statements is one statement a transaction, whichever arm it is", () => {
  expect(pieces(inTwo)).toEqual({ perTransaction: 1, tables: ["res_currency"] });
  const swapped = Object.entries(inTwo).map(([text, [left, right]]) => [text, [right, left]] as const);
  expect(pieces(Object.fromEntries(swapped))).toEqual({ perTransaction: 1, tables: ["res_currency"] });
});

test("columns and conditions as newer versions write them are read too", () => {
  const newer: Calls = { [NEWER_ROW]: [500, 260], [newerColumn("name")]: [0, 240], [newerColumn("symbol")]: [0, 240] };
  expect(pieces(newer)).toEqual({ perTransaction: 1, tables: ["res_currency"] });
});

test.each<{ name: string; calls: Calls }>([
  { name: "no statement was seen", calls: {} },
  { name: "a read was added and none is missing", calls: { [ROW]: [1000, 1000], [columnOf("rounding")]: [0, 240] } },
  { name: "a read is missing and another came", calls: { [ROW]: [1000, 760], [columnOf("rounding")]: [0, 240] } },
  {
    name: "one read became three",
    calls: { ...inTwo, [columnOf("symbol")]: [0, 240] },
  },
  { name: "a search was added", calls: { [ROW]: [1000, 760], [columnOf("rounding")]: [0, 240], [SEARCH]: [0, 240] } },
  { name: "as many reads more are of one text", calls: { [ROW]: [1000, 760], [columnOf("rounding")]: [0, 480] } },
  {
    name: "few transactions do it",
    calls: { [ROW]: [1000, 960], [columnOf("rounding")]: [30, 70], [columnOf("decimal_places")]: [0, 40] },
  },
])("where $name, nothing is in pieces", ({ calls }) => {
  expect(pieces(calls)).toEqual({ perTransaction: 0, tables: [] });
});

test("a release that only reads in pieces passes, and the report says so; one more statement beside it fails", () => {
  const judged = evaluate(called(evidenceWith(1), inTwo), defaultPolicy);
  expect(judged.verdict).toBe("pass");
  expect(judged.changes.find(({ indicator }) => indicator === "order-import.statements-per-transaction")?.warnings).toEqual([
    "one arm reads res_currency in two statements, the other arm in one: 1 added to the margin",
  ]);
  expect(evaluate(called(evidenceWith(2), inTwo), defaultPolicy).verdict).toBe("fail");
  expect(evaluate(called(evidenceWith(1), { [SEARCH]: [0, 240] }), defaultPolicy).verdict).toBe("fail");
});
