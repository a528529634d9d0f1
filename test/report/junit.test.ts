import { expect, test } from "vitest";

import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { renderJunit } from "../../src/report/formats/junit.ts";
import { withFields } from "./cases/invented-changes.ts";
import { CASES } from "./cases/invented-cases.ts";
import { inventPass } from "./cases/invented-evaluation.ts";

function countsOf(xml: string): Readonly<Record<string, number>> {
  const total = (word: string): number => Number(new RegExp(`<testsuites[^>]* ${word}="(\\d+)"`).exec(xml)?.[1]);
  return { tests: total("tests"), failures: total("failures"), errors: total("errors"), skipped: total("skipped") };
}

test.each(Object.entries(CASES))("the totals of %s equal the counts of its test cases", (_name, invent) => {
  const xml = renderJunit(invent());
  const count = (tag: string): number => xml.split(`<${tag} `).length - 1;
  expect(countsOf(xml)).toEqual({
    tests: count("testcase"),
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
  });
});

test("a pass has neither failures nor errors", () => {
  expect(countsOf(renderJunit(inventPass()))).toMatchObject({ failures: 0, errors: 0 });
});

test("an inconclusive verdict is an error, even if every gate is equivalent", () => {
  const evaluation: Evaluation = { ...inventPass(), verdict: "inconclusive" };
  expect(countsOf(renderJunit(evaluation))).toMatchObject({ failures: 0, errors: 1 });
});

test("a gate that is not worse passes, an inconclusive gate is an error, a broken invariant fails", () => {
  const pass = inventPass();
  const [first, second, ...rest] = pass.changes.filter(({ gate }) => gate);
  if (first === undefined || second === undefined) throw new Error("the invented case needs two gates");
  const changes = [
    withFields(first, { change: "inconclusive", notWorse: true }),
    withFields(second, { change: "inconclusive", notWorse: false }),
    ...rest,
  ];
  const invariants = pass.invariants.map((result, index) => (index === 0 ? { ...result, status: "broken" as const } : result));
  expect(countsOf(renderJunit({ ...pass, changes, invariants }))).toMatchObject({ failures: 1, errors: 1 });
});
