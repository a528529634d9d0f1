import { expect, test } from "vitest";

import { ansiStyler, columnsOf, plainStyler, renderText, wrapText } from "../../src/report/formats/text.ts";
import { withFields } from "./cases/invented-changes.ts";
import { CASES } from "./cases/invented-cases.ts";
import { inventPass } from "./cases/invented-evaluation.ts";

const PLAIN = { style: plainStyler, reportPath: null };

test.each(Object.entries(CASES))("%s fits 80 columns and ends with a line feed", (_name, invent) => {
  const text = renderText(invent(), PLAIN);
  expect(text.endsWith("\n")).toBe(true);
  expect(text.split("\n").filter((line) => columnsOf(line) > 80)).toEqual([]);
});

test.each(Object.entries(CASES))("%s contains the same text with and without colour", (_name, invent) => {
  const coloured = renderText(invent(), { ...PLAIN, style: ansiStyler });
  expect(coloured).toContain("\u001b[");
  // eslint-disable-next-line no-control-regex
  expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(renderText(invent(), PLAIN));
});

test("findings beyond the limit are counted, not listed", () => {
  const pass = inventPass();
  const changes = pass.changes.map((change) => withFields(change, { gate: true, change: "regressed", notWorse: false }));
  const text = renderText({ ...pass, verdict: "fail", changes }, PLAIN);
  expect(text.match(/^ {2}regressed /gm)).toHaveLength(12);
  expect(text).toContain(`and ${changes.length - 12} more findings in the report`);
});

test("a gate that is not worse is counted separately and is not listed as inconclusive", () => {
  const pass = inventPass();
  const changes = pass.changes.map((change) =>
    change.indicator === "checkout.latency-p95" ? withFields(change, { change: "inconclusive", notWorse: true }) : change,
  );
  const text = renderText({ ...pass, changes }, PLAIN);
  expect(text).toContain("  not worse     1 gate: checkout 1\n");
  expect(text).not.toContain("inconclusive");
});

test("an invariant that was not checked does not count as intact", () => {
  const pass = inventPass();
  const invariants = pass.invariants.map(
    (result, index) => ({ ...result, status: index === 0 ? "broken" : "not-checked" }) as const,
  );
  const text = renderText({ ...pass, invariants }, PLAIN).replace(/\s+/g, " ");
  expect(text).toContain("0 of 10 invariants intact, 1 broken, 9 not checked");
});

test("wrapText does not break a word that is longer than a line, and returns no line for empty text", () => {
  const word = "x".repeat(100);
  expect(wrapText(`a ${word} b`, "> ")).toEqual(["> a", `  ${word}`, "  b"]);
  expect(wrapText("  ", "> ")).toEqual([]);
});
