import { expect, test } from "vitest";

import { renderMarkdown } from "../../src/report/formats/markdown.ts";
import { withFields } from "./cases/invented-changes.ts";
import { CASES } from "./cases/invented-cases.ts";
import { inventPass } from "./cases/invented-evaluation.ts";

const linesOf = (text: string): number => text.split("\n").length;

test.each(Object.entries(CASES))("%s stays below 60 lines", (_name, invent) => {
  expect(linesOf(renderMarkdown(invent(), { reportPath: "reports/x.html" }))).toBeLessThan(60);
});

test("with many findings it stays below 60 lines and counts the omitted items", () => {
  const pass = inventPass();
  const many = <Item>(item: Item): readonly Item[] => Array.from({ length: 40 }, () => item);
  const markdown = renderMarkdown(
    {
      ...pass,
      changes: pass.changes.flatMap((change) => many(withFields(change, { gate: true, change: "regressed" }))),
      reasons: many({ kind: "invariant", text: "an order\nis lost", indicator: null } as const),
      attribution: many({
        service: "checkout",
        layer: "postgres",
        text: "a\nb",
        statement: "SELECT\n1",
        addedCalls: 1,
        addedMs: 1,
      } as const),
      next: many("look"),
      validity: many({ code: "disturbed", severity: "disturbed", text: "a\nb", remedy: "" } as const),
      invariants: pass.invariants.flatMap((result) => many({ ...result, status: "broken" as const })),
    },
    { reportPath: "reports/x.html" },
  );
  expect(linesOf(markdown)).toBeLessThan(60);
  expect(markdown).toMatch(/\| and \d+ more \|/);
  expect(markdown).toContain("- and 36 more");
});

test("text from outside cannot break the table or become markup", () => {
  const pass = inventPass();
  const changes = pass.changes
    .slice(0, 1)
    .map((change) => withFields(change, { change: "regressed", label: "a | b <img src=x> [link](http://x) `code` @team" }));
  const row = renderMarkdown({ ...pass, changes }, { reportPath: null })
    .split("\n")
    .find((line) => line.startsWith("| ▲"));
  expect(row).toContain("a \\| b &lt;img src=x> [link]\\(http://x) \\`code\\` @\u200bteam");
  expect(row?.match(/(?<!\\)\|/g)).toHaveLength(7);
});
