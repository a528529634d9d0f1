import { describe, expect, test } from "vitest";

import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { render } from "../../src/report/render.ts";
import { CASES } from "./cases/invented-cases.ts";

/** Each case is stored in `fixtures/cases/NAME.json`, its reports in `fixtures/golden/`. `vitest -u` updates both. */
const FIXTURES = new URL("../../fixtures/", import.meta.url).pathname;
const OPTIONS = { colour: false, reportPath: "reports/2026-11-21-retail.html" };

describe.each(Object.entries(CASES))("%s", (name, invent) => {
  const document = render(invent(), "json", OPTIONS);
  const stored: Evaluation = JSON.parse(document);

  test("json equals the fixture, from which the other formats are rendered", async () => {
    await expect(document).toMatchFileSnapshot(`${FIXTURES}cases/${name}.json`);
  });

  test("json contains the whole evaluation, and renders to the same bytes after parsing", () => {
    expect(stored).toMatchObject(invent());
    expect(render(stored, "json", OPTIONS)).toBe(document);
  });

  test.each([
    ["text", "txt"],
    ["markdown", "md"],
    ["junit", "xml"],
  ] as const)("%s equals the golden file", async (format, ending) => {
    await expect(render(stored, format, OPTIONS)).toMatchFileSnapshot(`${FIXTURES}golden/${name}.${ending}`);
  });

  test("html of the stored verdict equals html of the evaluation", () => {
    expect(render(stored, "html", OPTIONS)).toBe(render(invent(), "html", OPTIONS));
  });
});
