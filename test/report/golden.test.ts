import { describe, expect, test } from "vitest";

import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { render } from "../../src/report/render.ts";
import { CASES } from "./cases/invented-cases.ts";

/** Each case is `fixtures/cases/NAME.json`; what it renders to stands in `fixtures/golden/`. `vitest -u` writes both anew. */
const FIXTURES = new URL("../../fixtures/", import.meta.url).pathname;
const OPTIONS = { colour: false, reportPath: "reports/2026-11-21-retail.html" };

describe.each(Object.entries(CASES))("%s", (name, invent) => {
  const document = render(invent(), "json", OPTIONS);
  const stored: Evaluation = JSON.parse(document);

  test("json is the fixture that the other formats are made from", async () => {
    await expect(document).toMatchFileSnapshot(`${FIXTURES}cases/${name}.json`);
  });

  test("json holds the whole evaluation, and renders to the same bytes when read back", () => {
    expect(stored).toMatchObject(invent());
    expect(render(stored, "json", OPTIONS)).toBe(document);
  });

  test.each([
    ["text", "txt"],
    ["markdown", "md"],
    ["junit", "xml"],
  ] as const)("%s is as agreed", async (format, ending) => {
    await expect(render(stored, format, OPTIONS)).toMatchFileSnapshot(`${FIXTURES}golden/${name}.${ending}`);
  });

  test("html made from the stored verdict is the html made at once", () => {
    expect(render(stored, "html", OPTIONS)).toBe(render(invent(), "html", OPTIONS));
  });
});
